import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { formulaValues } from '@serial-oe/tooling/test-support/formula-values';
import { trustworthiness } from '../src/index';
import golden from './golden/report.json';
import { clusteredPoints, rowsOf } from './support/clustered-points';

const { sets } = golden.tsne;
const exact = { rtol: 1e-12, atol: 0 };

describe.each(sets)('trustworthiness of $name', (set) => {
  const points = clusteredPoints(set);
  const rows = rowsOf(points);
  const columns = rows.map((row) => row.slice(0, 2));
  const noise = { data: formulaValues(`${set.name}.map`, 2 * set.nRows), nRows: set.nRows, nCols: 2 };

  it.each(set.trustworthiness)("equals scikit-learn's for $nNeighbors neighbours", (expected) => {
    const { nNeighbors, ofColumns, ofNoise } = expected;
    expectAllClose(trustworthiness(points, columns, { nNeighbors }), ofColumns, exact);
    expectAllClose(trustworthiness(rows, noise, { nNeighbors }), ofNoise, exact);
  });

  it('looks at 5 neighbours by default', () => {
    expectAllClose(trustworthiness(points, columns), set.trustworthiness[1]!.ofColumns, exact);
  });
});

describe('trustworthiness', () => {
  const line = Array.from({ length: 12 }, (_, i) => [i ** 2]);

  it('is 1 where the map keeps all distances, in any unit', () => {
    expect(trustworthiness(line, line)).toBe(1);
    expect(
      trustworthiness(
        line.map(([x]) => [x! * 1e300, 0]),
        line,
      ),
    ).toBe(1);
    expect(
      trustworthiness(
        line,
        line.map(([x]) => [x! * 1e-300]),
      ),
    ).toBe(1);
  });

  it('takes equally far points in their order', () => {
    const equal = line.map(() => [1, 1]);
    expect(trustworthiness(equal, equal)).toBe(1);
  });

  it.each([
    ['a map of other points', line, line.slice(1), {}, /map must have one row a point, 12, got 11/],
    [
      'too many neighbours',
      line,
      line,
      { nNeighbors: 6 },
      /nNeighbors must be below half the number of points, got 6 for 12/,
    ],
    ['too few points for the default', line.slice(2), line.slice(2), {}, /got 5 for 10 points/],
    ['half a neighbour', line, line, { nNeighbors: 0.5 }, /nNeighbors must be a whole number of at least 1/],
    [
      'NaN',
      [...line.slice(1), [NaN]],
      line,
      {},
      /embeddings must hold finite numbers, got \w+ at row 11, column 0/,
    ],
    [
      'an infinite place',
      line,
      [...line.slice(1), [Infinity]],
      {},
      /map must hold finite numbers, got \w+ at row 11, column 0/,
    ],
    ['no points', [], [], {}, /embeddings must have at least one row/],
  ])('refuses %s', (_, embeddings, map, options, message) => {
    expect(() => trustworthiness(embeddings, map, options)).toThrow(message);
  });
});
