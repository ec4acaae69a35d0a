import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import fc from 'fast-check';
import { KNearestNeighbors } from '../src/index';
import { DETECTORS, goldenData } from './fixtures';

const { train, test } = goldenData('many');
/** What changes the order of sums or the place of the origin costs digits; one-class SVM stops at its tol. */
const TOLERANCE = { rtol: 1e-8, atol: 1e-8 };
const OPTIONS: Record<string, object> = { OneClassSvm: { tol: 1e-11, gamma: 0.02, nu: 0.1 } };
const RUNS = { numRuns: 5 };

/** A number from the middle of a distribution that has no ties. */
const shift = fc.double({ min: -10, max: 10, noNaN: true });
const size = fc.integer({ min: 130, max: 200 });

describe.each(Object.entries(DETECTORS))('%s', (name, Detector) => {
  const scores = (rows: number[][], queries: number[][]) =>
    new Detector(OPTIONS[name]).fit(rows).scoreSamples(queries);

  it('does not depend on the order of the training rows', () => {
    const orders = size.chain((n) => fc.shuffledSubarray([...Array(n).keys()], { minLength: n }));
    fc.assert(
      fc.property(orders, (order) => {
        const some = train.slice(0, order.length);
        const shuffled = order.map((i) => some[i]!);
        expectAllClose(scores(shuffled, test), scores(some, test), TOLERANCE);
      }),
      RUNS,
    );
  });

  it('does not depend on where the origin is', () => {
    fc.assert(
      fc.property(size, shift, (n, by) => {
        const some = train.slice(0, n);
        const move = (rows: number[][]) => rows.map((row) => row.map((value, j) => value + by * Math.cos(j)));
        const moved = new Detector({ ...OPTIONS[name] }).fit(move(some)).scoreSamples(move(test));
        expectAllClose(moved, scores(some, test), TOLERANCE);
      }),
      RUNS,
    );
  });

  it('scores a row alone as it does among others, to the last bit', () => {
    const detector = new Detector(OPTIONS[name]).fit(train);
    const queries = [...test, ...train.slice(0, 70)];
    const together = detector.scoreSamples(queries);
    queries.forEach((row, i) => {
      expect(detector.scoreSamples([row])[0]).toBe(together[i]);
    });
  });

  it('finds far rows more anomalous than any training row', () => {
    const detector = new Detector(OPTIONS[name]).fit(train);
    const least = Math.min(...detector.scoreSamples(train));
    const far = train.slice(0, 5).map((row) => row.map((value) => value + 20));
    expect(Math.max(...detector.scoreSamples(far))).toBeLessThan(least);
  });
});

it('KNearestNeighbors finds what sorting all distances finds, whatever the numbers of rows', () => {
  const coordinate = fc.integer({ min: -5, max: 5 }); // many ties
  const matrix = fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 150 });
  fc.assert(
    fc.property(matrix, matrix, fc.integer({ min: 1, max: 160 }), (rows, queries, wanted) => {
      const k = Math.min(wanted, rows.length);
      const expected = queries.map(([x, y]) => {
        const distances = rows.map(([a, b]) => Math.hypot(x - a, y - b)).sort((a, b) => a - b);
        return -distances[k - 1]!;
      });
      const detector = new KNearestNeighbors({ nNeighbors: k, aggregation: 'max' }).fit(rows);
      expectAllClose(detector.scoreSamples(queries), expected, { rtol: 1e-14, atol: 0 });
    }),
  );
});
