import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import fc from 'fast-check';
import {
  CollapsedComponentError,
  DegenerateDataError,
  GaussianMixture,
  type MatrixLike,
  NotFittedError,
} from '../src/index';
import { blobs, flat, seeded, TYPES } from './fixtures';

const X = blobs(1, 40, [
  [-3, 0],
  [3, 1],
]);

function caught(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe.each(TYPES)('degenerate data, %s', (covarianceType) => {
  const fit = (data: MatrixLike, nComponents = 1, options = {}) =>
    new GaussianMixture({ nComponents, covarianceType, ...options }).fit(data);
  const reason = (call: () => unknown) => {
    const error = caught(call);
    expect(error).toBeInstanceOf(DegenerateDataError);
    expect(error).toBeInstanceOf(RangeError);
    return (error as DegenerateDataError).reason;
  };

  it('refuses fewer rows than components', () => {
    expect(reason(() => fit(X.slice(0, 3), 4))).toBe('tooFewRows');
    expect(() => fit(X.slice(0, 3), 4)).toThrow(
      /at least nComponents rows, got 3 for 4 components\. Use fewer/,
    );
  });

  it('refuses identical rows, and fewer distinct rows than components', () => {
    const same = Array.from({ length: 10 }, () => [1, 2]);
    expect(reason(() => fit(same))).toBe('constantColumn');
    expect(() => fit(same, 2)).toThrow(/got 10 identical rows/);
    expect(reason(() => fit(same, 2, { allowConstantColumns: true }))).toBe('tooFewDistinctRows');
    const three = Array.from({ length: 30 }, (_, i) => X[i % 3]!);
    expect(reason(() => fit(three, 4))).toBe('tooFewDistinctRows');
    expect(() => fit(three, 4)).toThrow(/at least nComponents distinct rows, got 3 \(of 30 rows\) for 4/);
  });

  it('refuses a single row', () => {
    expect(() => fit([[1, 2]])).toThrow(/got 1 identical row\. /);
    const { means } = fit([[1, 2]], 1, { allowConstantColumns: true });
    expectAllClose(flat(means), [1, 2], { rtol: 1e-14, atol: 0 });
  });

  it('refuses constant columns by name unless they are allowed', () => {
    const constant = X.map(([a, b]) => [a!, 7, b!, 8]);
    expect(reason(() => fit(constant, 2))).toBe('constantColumn');
    expect(() => fit(constant)).toThrow(
      /got 2 constant, the first column 1 with 7 throughout\. .*allowConstantColumns/,
    );
    const mixture = fit(constant, 2, { allowConstantColumns: true });
    expect(flat([mixture.covariances, mixture.means]).every(Number.isFinite)).toBe(true);
  });

  it('names the component and the iteration where regCovar 0 leaves a collapsed component', () => {
    const pile = [...X.slice(0, 20), ...Array.from({ length: 20 }, () => [50.1, 60.3])];
    if (covarianceType === 'tied') return; // the other component's spread is shared
    const error = caught(() => fit(pile, 2, { regCovar: 0 })) as CollapsedComponentError;
    expect(error).toBeInstanceOf(CollapsedComponentError);
    expect(error).toMatchObject({
      name: 'CollapsedComponentError',
      iteration: 0,
      reason: 'collapsedComponent',
    });
    expect([0, 1]).toContain(error.component);
    expect(error.message).toMatch(
      /component \d at iteration 0\. Raise regCovar, use fewer components or scale/,
    );
    expect(fit(pile, 2).converged).toBe(true); // regCovar 1e-6 is there for that
  });

  it('refuses columns that depend on each other where regCovar is 0, whatever rounding leaves of the pivot', () => {
    for (const factor of [2, 0.1, 1 / 3, 7.7]) {
      const dependent = X.map(([a, b]) => [a!, b!, factor * a! - b! / 3]);
      if (covarianceType === 'full' || covarianceType === 'tied') {
        const error = caught(() => fit(dependent, 1, { regCovar: 0 }));
        expect(error).toMatchObject({ name: 'CollapsedComponentError', component: 0 });
        expect(fit(dependent, 1).converged).toBe(true);
      } else expect(fit(dependent, 1, { regCovar: 0 }).converged).toBe(true);
    }
  });

  it('sees through the variance that the rounding of a mean leaves', () => {
    if (covarianceType === 'tied') return;
    const [a, b] = [0.1, 1000 / 3];
    const pile = [...X.slice(0, 20), ...Array.from({ length: 23 }, () => [a + 40, b])];
    expect(caught(() => fit(pile, 2, { regCovar: 0 }))).toBeInstanceOf(CollapsedComponentError);
    expect(caught(() => fit(pile, 2, { regCovar: 1e-30 }))).toBeInstanceOf(CollapsedComponentError);
  });

  it('refuses a component that no row belongs to', () => {
    const meansInit = [
      [0, 0],
      [1e4, 1e4],
    ];
    const error = caught(() => fit(X, 2, { meansInit }));
    expect(error).toMatchObject({ name: 'CollapsedComponentError', component: 1, iteration: 1 });
    expect(error).toHaveProperty('message', expect.stringMatching(/got no rows in component 1/));
  });

  it.each([NaN, Infinity, -Infinity])('refuses %p with its place, in fit and in every score', (bad) => {
    const broken = X.map((row) => [...row]);
    broken[5]![1] = bad;
    expect(reason(() => fit(broken))).toBe('nonFinite');
    const mixture = fit(X);
    for (const member of ['fit', 'scoreSamples', 'score', 'predict', 'predictProba', 'bic', 'aic'] as const) {
      const message = `gmm.GaussianMixture.${member}: X must hold finite numbers, got ${bad} at row 5, column 1.`;
      expect(() => mixture[member](broken)).toThrow(message);
    }
  });

  it('refuses values whose squares overflow', () => {
    const huge = X.map((row) => row.map((value) => value * 1e200));
    expect(reason(() => fit(huge))).toBe('overflow');
    const largest = X.map((row, i) =>
      row.map(() => (i % 2 ? 1 : -1) * Number.MAX_VALUE * (0.5 + (i % 5) / 10)),
    );
    expect(caught(() => fit(largest, 2))).toBeInstanceOf(RangeError);
  });

  it('scores rows beyond the range of float64 as -Infinity and has no probabilities for them', () => {
    const mixture = fit(X, 2);
    const far = [X[0]!, [1e300, -1e300]];
    expect(mixture.scoreSamples(far)[1]).toBe(-Infinity);
    expect(mixture.score(far)).toBe(-Infinity);
    expect(() => mixture.predictProba(far)).toThrow(
      /predictProba: .* infinite distance of row 1 to every one/,
    );
    expect(() => mixture.predict(far)).toThrow(RangeError);
  });

  it('keeps the earlier result where a fit throws', () => {
    const mixture = fit(X, 2);
    const before = JSON.stringify(mixture);
    expect(() => mixture.fit([[1, 2]])).toThrow(DegenerateDataError);
    expect(JSON.stringify(mixture)).toBe(before);
  });

  it('gives finite numbers or a RangeError, whatever the data', () => {
    const value = fc.oneof(fc.constantFrom(0, 1, -2, 1e-300, 1e150), fc.double({ noNaN: false }));
    const rows = fc
      .integer({ min: 1, max: 3 })
      .chain((nCols) =>
        fc.array(fc.array(value, { minLength: nCols, maxLength: nCols }), { minLength: 1, maxLength: 8 }),
      );
    const options = fc.record({
      nComponents: fc.integer({ min: 1, max: 3 }),
      regCovar: fc.constantFrom(0, 1e-6),
      initParams: fc.constantFrom(
        'kmeans' as const,
        'k-means++' as const,
        'random' as const,
        'random_from_data' as const,
      ),
      allowConstantColumns: fc.boolean(),
      maxIter: fc.constantFrom(0, 5),
    });
    fc.assert(
      fc.property(rows, options, fc.integer(), (data, { nComponents, ...rest }, seed) => {
        try {
          const mixture = fit(data, nComponents, { ...rest, random: seeded(seed) });
          const numbers = [mixture.weights, mixture.means, mixture.covariances, mixture.precisionsCholesky];
          expect(flat(numbers).every(Number.isFinite)).toBe(true);
          expect(mixture.scoreSamples(data).some(Number.isNaN)).toBe(false);
          expect(flat(mixture.predictProba(data)).every(Number.isFinite)).toBe(true);
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
        }
      }),
      { numRuns: 150, seed: 11 },
    );
  });
});

describe('wrong input', () => {
  it.each([
    ['an empty array', [], RangeError, /at least one row and one column, got 0 rows/],
    ['empty rows', [[], []], RangeError, /got 0 columns/],
    ['rows of unequal lengths', [[1, 2], [3]], RangeError, /2 columns in row 0 and 1 in row 1/],
    ['a single row', [1, 2], TypeError, /got an array of number\. Wrap a single row as \[row\]/],
    ['text', [['a', 'b']], TypeError, /must hold numbers, got 'a' at row 0, column 0/],
    ['null among numbers', [[1], [null]], TypeError, /must hold numbers, got null at row 1, column 0/],
    ['a missing row', [[1], undefined], RangeError, /undefined in row 1/],
    ['null', null, TypeError, /got null/],
    ['nothing', undefined, TypeError, /got undefined/],
    ['plain data', { data: [1, 2], nRows: 1, nCols: 2 }, TypeError, /data a Float32Array or Float64Array/],
    ['a wrong length', { data: new Float64Array(3), nRows: 2, nCols: 2 }, RangeError, /got 3 for 2 x 2/],
    ['no size', { data: new Float64Array(3) }, RangeError, /got undefined rows/],
  ])('refuses %s', (_, data, kind, message) => {
    const call = () => new GaussianMixture().fit(data as unknown as MatrixLike);
    expect(call).toThrow(kind);
    expect(call).toThrow(message);
  });

  it('refuses another number of columns than that of the fit', () => {
    const mixture = new GaussianMixture({ warmStart: true }).fit(X);
    const wrong = [[1, 2, 3]];
    const all = [
      [1, 2, 3],
      [2, 4, 1],
      [0, 1, 0],
    ];
    for (const member of ['scoreSamples', 'score', 'predict', 'predictProba', 'bic', 'aic'] as const) {
      expect(() => mixture[member](wrong)).toThrow(`gmm.GaussianMixture.${member}: X must have 2 columns`);
    }
    expect(() => mixture.fit(all)).toThrow(/2 columns as the data of the fit, got 3/);
    expect(new GaussianMixture().fit(X).fit(all).means[0]).toHaveLength(3);
  });

  it('refuses everything but fit before fit', () => {
    const mixture = new GaussianMixture();
    expect(mixture.isFitted).toBe(false);
    for (const member of ['scoreSamples', 'score', 'predict', 'predictProba', 'bic', 'aic'] as const) {
      expect(() => mixture[member](X)).toThrow(NotFittedError);
    }
    expect(() => mixture.sample(1)).toThrow(/gmm.GaussianMixture.sample: .* Call fit\(X\) first/);
    expect(() => mixture.toJSON()).toThrow(NotFittedError);
    expect(() => mixture.weights).toThrow(NotFittedError);
    expect(() => mixture.lowerBound).toThrow(NotFittedError);
    expect(mixture.fit(X).isFitted).toBe(true);
  });

  it.each([
    [{ nComponents: 0 }, /nComponents must be a whole number of at least 1, got 0/],
    [{ nComponents: 1.5 }, /nComponents/],
    [{ nInit: 0 }, /nInit/],
    [{ maxIter: -1 }, /maxIter must be a whole number of at least 0/],
    [{ tol: -1e-3 }, /tol must be a finite number of at least 0/],
    [{ regCovar: NaN }, /regCovar/],
    [{ covarianceType: 'round' }, /one of 'full', 'tied', 'diag', 'spherical', got 'round'/],
    [{ initParams: 'best' }, /initParams must be one of 'kmeans'/],
    [{ core: 'gpu' }, /core must be one of 'auto', 'wasm', 'typescript', got 'gpu'/],
    [{ warmStart: 1 }, /warmStart must be a boolean/],
    [{ allowConstantColumns: 'yes' }, /allowConstantColumns must be a boolean/],
    [{ random: 0.5 }, /random must be a function that returns numbers in \[0, 1\), got 0.5/],
  ])('refuses the option %j', (options, message) => {
    expect(() => new GaussianMixture(options as object)).toThrow(message);
  });

  it.each([
    [{ weightsInit: [0.5] }, /weightsInit must be nested arrays of shape \[2\], got an array of 1/],
    [{ weightsInit: [0.5, 0.6] }, /weightsInit must sum to 1, got a sum of 1\.1/],
    [{ weightsInit: [1.5, -0.5] }, /weightsInit must lie between 0 and 1/],
    [{ meansInit: [[1, 2]] }, /meansInit must be nested arrays of shape \[2, 2\]/],
    [
      {
        meansInit: [
          [1, 2],
          [NaN, 0],
        ],
      },
      /meansInit must hold finite numbers, got NaN/,
    ],
    [{ meansInit: [1, 2] }, /meansInit must be nested arrays .* got 1/],
    [
      {
        meansInit: [
          ['1', 2],
          [1, 2],
        ],
      },
      /meansInit must hold numbers, got '1'/,
    ],
    [
      {
        precisionsInit: [
          [1, 0],
          [0, 1],
        ],
      },
      /precisionsInit must be nested arrays of shape \[2, 2, 2\]/,
    ],
    [
      {
        covarianceType: 'tied',
        precisionsInit: [
          [1, 2],
          [2, 1],
        ],
      },
      /positive definite, got matrix 0/,
    ],
    [
      {
        covarianceType: 'tied',
        precisionsInit: [
          [1, 0.5],
          [0, 1],
        ],
      },
      /must be symmetric, got 0\.5 at \[0\]\[1\]/,
    ],
    [
      {
        covarianceType: 'diag',
        precisionsInit: [
          [1, 0],
          [1, 1],
        ],
      },
      /precisionsInit must be positive, got 0/,
    ],
    [{ covarianceType: 'spherical', precisionsInit: [1, -1] }, /precisionsInit must be positive, got -1/],
  ])('refuses the start %j', (options, message) => {
    expect(() => new GaussianMixture({ nComponents: 2, ...(options as object) }).fit(X)).toThrow(message);
  });

  it('refuses numbers of random outside [0, 1)', () => {
    expect(() => new GaussianMixture({ nComponents: 2, random: () => 1 }).fit(X)).toThrow(
      'gmm.GaussianMixture.fit: random must return numbers in [0, 1), got 1.',
    );
  });
});
