import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import {
  anomalyScores,
  DensityNormalizedNeighbors,
  KernelDensity,
  KNearestNeighbors,
  LocalOutlierFactor,
  MahalanobisDistance,
  type MatrixLike,
  NotFittedError,
  OneClassSvm,
  SingularCovarianceError,
} from '../src/index';
import { DETECTORS, flatMatrix, goldenData } from './fixtures';
import golden from './golden/detectors.json';

const { train, test } = goldenData('low');

describe.each(Object.entries(DETECTORS))('%s', (name, Detector) => {
  it('must be fitted first', () => {
    const call = () => new Detector().scoreSamples(test);
    expect(call).toThrow(NotFittedError);
    expect(call).toThrow(`detectors.${name}.scoreSamples: the model must be fitted, got one that is not.`);
  });

  it.each<[string, unknown, RegExp]>([
    [
      'NaN',
      [
        [0, 0, 0],
        [1, Number.NaN, 2],
      ],
      /finite numbers .* got NaN at row 1, column 1\. Remove/,
    ],
    ['infinite values', [[0, 0, -Infinity]], /got -Infinity at row 0, column 2/],
    ['gigantic values', [[0, 2e60, 0]], /at most 1e\+60 in magnitude, got 2e\+60/],
    ['no rows', [], /at least one row and one column, got 0 rows/],
    ['no columns', [[]], /got 0 columns/],
    [
      'rows of unequal lengths',
      [
        [1, 2, 3],
        [1, 2],
      ],
      /got 3 columns in row 0 and 2 in row 1/,
    ],
    ['no numbers', [[1, null, 3]], /must hold numbers, got null at row 0, column 1/],
    ['a single row', [1, 2, 3], /Wrap a single row as \[row\]/],
    ['no matrix', 'rows', /must be an array of rows or \{ data, nRows, nCols \}.* got 'rows'/],
    ['data of another length', { data: new Float32Array(5), nRows: 2, nCols: 3 }, /got 5 for 2 x 3/],
  ])('refuses %s, to fit and to score', (_, X, message) => {
    const fitted = new Detector().fit(train);
    expect(() => new Detector().fit(X as MatrixLike)).toThrow(message);
    expect(() => fitted.scoreSamples(X as MatrixLike)).toThrow(message);
  });

  it('refuses another number of columns than in the fit', () => {
    expect(() => new Detector().fit(train).scoreSamples([[1, 2]])).toThrow(
      `detectors.${name}.scoreSamples: X must have 3 columns as the data of the fit, got 2.`,
    );
  });

  it('takes float32 and keeps what it learnt when the caller reuses the memory', () => {
    const rows = train.map((row) => row.map(Math.fround));
    const expected = new Detector().fit(rows).scoreSamples(test);
    for (const data of [Float32Array.from(rows.flat()), Float64Array.from(rows.flat())]) {
      const detector = new Detector().fit({ data, nRows: rows.length, nCols: 3 });
      data.fill(7);
      expect(detector.scoreSamples(flatMatrix(test))).toEqual(expected);
    }
  });

  it('stays what it was where a fit fails', () => {
    const detector = new Detector().fit(train);
    const expected = detector.scoreSamples(test);
    expect(() => detector.fit([[Number.NaN]])).toThrow(RangeError);
    expect(detector.scoreSamples(test)).toEqual(expected);
  });

  it('refuses values that float64 cannot tell apart by their squares', () => {
    for (const size of [1e-160, 1e-300, 5e-324]) {
      const vanishing = train.map((row) => row.map((value) => value * size));
      expect(() => new Detector().fit(vanishing)).toThrow(RangeError);
      expect(() => new Detector().fit(vanishing)).toThrow(
        /at least 1e-150 in magnitude, got .* Scale the data/,
      );
    }
  });

  it('gives numbers for rows beyond all measure', () => {
    const far = [
      [1e60, -1e60, 1e60],
      [1e-300, 0, 5e-324],
    ];
    const scores = new Detector().fit(train).scoreSamples(far);
    expect(scores.some(Number.isNaN)).toBe(false);
    const tiny = train.map((row) => row.map((value) => value * 1e-60));
    expect(
      new Detector()
        .fit(tiny)
        .scoreSamples([...far, ...train])
        .some(Number.isNaN),
    ).toBe(false);
    const large = train.map((row) => row.map((value) => value * 1e59));
    expect(
      new Detector()
        .fit(large)
        .scoreSamples([...far, ...train])
        .some(Number.isNaN),
    ).toBe(false);
  });
});

describe('options', () => {
  it.each<[string, object, string]>([
    ['KNearestNeighbors', { nNeighbors: 0 }, 'nNeighbors must be a whole number of at least 1, got 0.'],
    ['KNearestNeighbors', { aggregation: 'min' }, "aggregation must be one of 'mean', 'max', got 'min'."],
    [
      'DensityNormalizedNeighbors',
      { nNeighbors: 0 },
      'nNeighbors must be a whole number of at least 1, got 0.',
    ],
    ['LocalOutlierFactor', { nNeighbors: 1.5 }, 'nNeighbors must be a whole number of at least 1, got 1.5.'],
    [
      'KernelDensity',
      { bandwidth: 0 },
      "bandwidth must be 'scott', 'silverman' or a number from 1e-60 to 1e60, got 0.",
    ],
    ['KernelDensity', { kernel: 'tophat' }, "kernel must be one of 'gaussian', got 'tophat'."],
    [
      'MahalanobisDistance',
      { shrinkage: 1.1 },
      "shrinkage must be 'ledoitWolf' or a number from 0 to 1, got 1.1.",
    ],
    ['OneClassSvm', { kernel: 'poly' }, "kernel must be one of 'rbf', 'linear', got 'poly'."],
    ['OneClassSvm', { gamma: 0 }, 'gamma must be a finite number above 0, got 0.'],
    ['OneClassSvm', { gamma: 'wide' }, "gamma must be one of 'scale', 'auto', got 'wide'."],
    ['OneClassSvm', { nu: 0 }, 'nu must be a number above 0 and at most 1, got 0.'],
    ['OneClassSvm', { tol: 0 }, 'tol must be a finite number above 0, got 0.'],
    ['OneClassSvm', { maxIter: 0 }, 'maxIter must be a whole number of at least 1, got 0.'],
    ['OneClassSvm', { cacheSize: -1 }, 'cacheSize must be a finite number above 0, got -1.'],
  ])('%s refuses %p', (name, options, message) => {
    expect(() => new DETECTORS[name]!(options)).toThrow(new RangeError(`detectors.${name}: ${message}`));
  });
});

it('a name that is no rule is of the wrong kind where a number would be right', () => {
  const wide = { bandwidth: 'wide' } as object;
  expect(() => new KernelDensity(wide)).toThrow(
    new TypeError(
      "detectors.KernelDensity: bandwidth must be 'scott', 'silverman' or a number from 1e-60 to 1e60, got 'wide'.",
    ),
  );
});

describe('unknown options', () => {
  it.each([
    ['KNearestNeighbors', 'n_neighbors', 'nNeighbors'],
    ['DensityNormalizedNeighbors', 'neighbors', 'nNeighbors'],
    ['LocalOutlierFactor', 'nNeighbours', 'nNeighbors'],
    ['KernelDensity', 'bandWidth', 'bandwidth'],
    ['MahalanobisDistance', 'shrinkages', 'shrinkage'],
    ['OneClassSvm', 'max_iter', 'maxIter'],
  ])('%s refuses %s and names %s', (detector, name, meant) => {
    expect(() => new DETECTORS[detector]!({ [name]: 1 })).toThrow(
      new TypeError(`detectors.${detector}: unknown option '${name}'. Did you mean '${meant}'?`),
    );
  });
});

describe('too few rows', () => {
  it('for the neighbours', () => {
    expect(() => new KNearestNeighbors().fit(train.slice(0, 4))).toThrow(
      'detectors.KNearestNeighbors.fit: X must have at least 5 rows, got 4. Fit on more data.',
    );
    expect(() => new LocalOutlierFactor().fit(train.slice(0, 1))).toThrow(/at least 2 rows, got 1/);
  });
});

describe('DensityNormalizedNeighbors', () => {
  const scores = (rows: number[][], queries: number[][], nNeighbors?: number) =>
    Array.from(new DensityNormalizedNeighbors({ nNeighbors }).fit(rows).scoreSamples(queries));

  it('takes the least ratio, which need not be that of the nearest row', () => {
    const rows = [[0], [1], [10], [14]]; // 1 apart, and 4 apart
    expect(scores(rows, [[2], [12], [5]], 1)).toEqual([-1, -0.5, -1.25]);
  });

  it('takes copies of a row for no neighbours, so that no distance is 0', () => {
    const rows = train.slice(0, 20);
    const copied = [...rows, ...rows.slice(0, 5), ...rows.slice(0, 5), ...rows.slice(0, 5)];
    expect(scores(copied, rows, 3)).toEqual(Array(20).fill(0));
    expect(scores(copied, test, 1)).toEqual(scores(rows, test, 1)); // the nearest other row is the same
    expect(scores(copied, test, 3).every((score) => Number.isFinite(score))).toBe(true);
  });

  it('takes what other rows there are where they are fewer than it wants', () => {
    expect(scores([[0], [0], [0], [2]], [[3], [-1]], 3)).toEqual([-0.5, -0.5]);
  });

  it.each([
    [
      'equal rows',
      Array.from({ length: 9 }, () => [0.1, 0.2]),
      'must have rows that differ, got 9 equal ones.',
    ],
    ['a single row', [[0.1, 0.2]], 'must have at least 2 rows, got 1.'],
  ])('refuses %s', (_, rows, message) => {
    expect(() => new DensityNormalizedNeighbors().fit(rows)).toThrow(
      new RangeError(`detectors.DensityNormalizedNeighbors.fit: X ${message} Fit on more data.`),
    );
  });
});

describe('MahalanobisDistance and a singular covariance', () => {
  const fit = (rows: number[][], shrinkage: number | 'ledoitWolf' = 0) =>
    new MahalanobisDistance({ shrinkage }).fit(rows);
  const flat = train.map(([a, b]) => [a!, b!, 0.5]);
  const [a, b] = test[0]!;
  const normalAndDeviating = [
    [a!, b!, 0.5],
    [a!, b!, 100.5],
  ];

  it.each<[string, number[][], RegExp]>([
    ['no more rows than columns', goldenData('few').train, /got 40 rows for 128 columns\. Set shrinkage/],
    ['too few distinct rows', goldenData('duplicates').train, /got no variance of its own in column 29/],
    ['a constant column', flat, /in column 2\. /],
    ['a constant column whose mean is rounded', train.map(([a, b]) => [0.1, a!, b!]), /in column 0\. /],
    ['a column that is the sum of others', train.map(([a, b]) => [a!, b!, a! + b!]), /in column 2\. /],
    ['equal rows', Array.from({ length: 9 }, () => [0.1, 0.2]), /in column 0\. /],
  ])('refuses %s', (_, rows, message) => {
    expect(() => fit(rows)).toThrow(SingularCovarianceError);
    expect(() => fit(rows)).toThrow(message);
  });

  it('refuses equal rows also with a shrinkage, which has nothing to shrink to', () => {
    expect(() =>
      fit(
        Array.from({ length: 9 }, () => [0.1, 0.2]),
        'ledoitWolf',
      ),
    ).toThrow(SingularCovarianceError);
    expect(() => fit([[1, 2]], 0.5)).toThrow(SingularCovarianceError);
  });

  it('sees with a shrinkage what the pseudo-inverse of scikit-learn overlooks', () => {
    const [normal, deviating] = golden.singular.pseudoInverse;
    expect(deviating).toBeCloseTo(normal!, 9);
    const scores = fit(flat, 'ledoitWolf').scoreSamples(normalAndDeviating);
    expectAllClose(scores, golden.singular.ledoitWolf, golden.tolerance);
    expect(scores[1]).toBeLessThan(1000 * scores[0]!);
  });

  it('takes columns of very different sizes', () => {
    const scaled = (rows: number[][]) => rows.map(([a, b, c]) => [a! * 1e-12, b!, c! * 1e12]);
    expectAllClose(
      fit(scaled(train)).scoreSamples(scaled(test)),
      fit(train).scoreSamples(test),
      golden.tolerance,
    );
  });
});

it('anomalyScores flips the sign, and zero has none', () => {
  const detector = new KNearestNeighbors({ nNeighbors: 1 }).fit([[0], [1]]);
  expect(Array.from(detector.scoreSamples([[0], [3]]))).toEqual([0, -2]);
  expect(Array.from(anomalyScores(detector, [[0], [3]]))).toEqual([0, 2]);
});

it('hands out what was found for the data', () => {
  expect(new KernelDensity({ bandwidth: 'scott' }).fit(train).bandwidth).toBeCloseTo(60 ** (-1 / 7), 14);
  expect(new KernelDensity({ bandwidth: 0.3 }).fit(train).bandwidth).toBe(0.3);
  expect(new MahalanobisDistance({ shrinkage: 0.3 }).fit(train).shrinkage).toBe(0.3);
  expect(() => new MahalanobisDistance().shrinkage).toThrow(NotFittedError);
  expect(() => new KernelDensity().bandwidth).toThrow(NotFittedError);
  expect(() => new OneClassSvm().offset).toThrow('detectors.OneClassSvm.offset: the model must be fitted');
});
