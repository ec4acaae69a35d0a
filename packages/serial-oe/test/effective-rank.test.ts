import { seededRandom } from '@serial-oe/foundation';
import { effectiveRank } from '../src/model/effective-rank';

const matrix = (rows: readonly (readonly number[])[]) => ({
  data: Float32Array.from(rows.flat()),
  ...{ nRows: rows.length, nCols: rows[0]!.length },
});

it('is 1 on a line, however far it reaches', () => {
  const onLine = [-3, 0, 1, 50].map((t) => [t, 2 * t + 1, -t]);
  expect(effectiveRank([matrix(onLine)])).toBeCloseTo(1, 5);
});

it('is the number of directions that differ alike, over all clips', () => {
  const random = seededRandom(1);
  const clips = Array.from({ length: 200 }, () =>
    matrix(Array.from({ length: 10 }, () => [random(), random(), 7, random()])),
  );
  expect(effectiveRank(clips)).toBeCloseTo(3, 1);
});

it('of variances 4 and 1 it is 25 / 17', () => {
  const cross = [
    [2, 0],
    [-2, 0],
    [0, 1],
    [0, -1],
  ];
  expect(effectiveRank([matrix(cross)])).toBeCloseTo((4 + 1) ** 2 / (4 ** 2 + 1), 6);
});

it('is 0 where nothing differs', () => {
  expect(effectiveRank([matrix([[1, 2]]), matrix([[1, 2]])])).toBe(0);
});
