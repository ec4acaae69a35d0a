import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import fc from 'fast-check';
import { type CovarianceType, GaussianMixture, type GaussianMixtureOptions } from '../src/index';
import { blobs, flat, flatMatrix, normals, seeded, TYPES } from './fixtures';

const CENTERS = [
  [-2, 0, 1],
  [2, 1, -1],
];
const X = blobs(7, 80, CENTERS);
const TIGHT = { rtol: 1e-9, atol: 1e-12 };

describe.each(TYPES)('%s', (covarianceType) => {
  const make = (options: GaussianMixtureOptions = {}) =>
    new GaussianMixture({ nComponents: 2, covarianceType, ...options });

  it('has a lower bound that never decreases', () => {
    const { lowerBounds, nIter, lowerBound } = make({ nComponents: 3, tol: 0, maxIter: 60, regCovar: 0 }).fit(
      X,
    );
    expect(lowerBounds).toHaveLength(nIter);
    expect(lowerBounds.at(-1)).toBe(lowerBound);
    for (let i = 1; i < nIter; i++) expect(lowerBounds[i]! - lowerBounds[i - 1]!).toBeGreaterThan(-1e-12);
  });

  it('has responsibilities that sum to 1, and predicts the largest', () => {
    const mixture = make({ nComponents: 3 }).fit(X);
    const labels = mixture.predict(X);
    mixture.predictProba(X).forEach((row, i) => {
      expectAllClose(
        row.reduce((sum, r) => sum + r, 0),
        1,
        { rtol: 1e-13, atol: 0 },
      );
      expect(row[labels[i]!]).toBe(Math.max(...row));
    });
  });

  it('goes on by warm start to the same result as one longer run, bit for bit', () => {
    const whole = make({ tol: 0, maxIter: 9 }).fit(X);
    const parts = make({ tol: 0, maxIter: 3, warmStart: true }).fit(X).fit(X).fit(X);
    for (const field of ['weights', 'means', 'covariances', 'precisionsCholesky', 'lowerBound'] as const) {
      expect(parts[field]).toEqual(whole[field]);
    }
    expect(parts.nIter).toBe(3);
    const restored = GaussianMixture.fromJSON(make({ tol: 0, maxIter: 6, warmStart: true }).fit(X).toJSON());
    expect(restored.fit(X).nIter).toBe(6);
    const twelve = make({ tol: 0, maxIter: 12 }).fit(X);
    expect(restored.means).toEqual(twelve.means);
  });

  it('takes rows, Float64Array and Float32Array alike, and writes to none', () => {
    const rows = X.map((row) => row.map(Math.fround));
    const wide = flatMatrix(rows);
    const narrow = { ...wide, data: Float32Array.from(wide.data) };
    const expected = make().fit(rows);
    for (const matrix of [wide, narrow]) {
      const mixture = make().fit(matrix);
      expect(mixture.means).toEqual(expected.means);
      expect(mixture.scoreSamples(matrix)).toEqual(expected.scoreSamples(rows));
      const { data, nRows, nCols } = mixture.predictProba(matrix);
      expect({ nRows, nCols }).toEqual({ nRows: 80, nCols: 2 });
      expect(Array.from(data)).toEqual(expected.predictProba(rows).flat());
    }
    expect(Array.from(wide.data)).toEqual(rows.flat());
  });

  it('scores a row alone as it scores it among others', () => {
    const mixture = make().fit(X);
    const all = mixture.scoreSamples(X);
    X.slice(0, 5).forEach((row, i) => {
      expect(mixture.scoreSamples([row])[0]).toBe(all[i]);
    });
  });

  it('is shifted and scaled with the data', () => {
    const fitted = make({ regCovar: 0 }).fit(X);
    const moved = X.map((row) => row.map((value) => 1000 + 4 * value));
    const other = make({ regCovar: 0, nInit: 1 }).fit(moved);
    expectAllClose(
      flat(other.means),
      flat(fitted.means).map((m) => 1000 + 4 * m),
      { rtol: 1e-7, atol: 0 },
    );
    expectAllClose(other.score(moved), fitted.score(X) - 3 * Math.log(4), { rtol: 1e-7, atol: 0 });
  });

  it('survives JSON bit for bit, as an object and as text', () => {
    const mixture = make({ nComponents: 3, regCovar: 1e-4 }).fit(X);
    const text = JSON.stringify(mixture);
    expect(text).not.toMatch(/null|NaN/);
    for (const restored of [
      GaussianMixture.fromJSON(text),
      GaussianMixture.fromJSON(JSON.parse(text)),
      GaussianMixture.fromJSON(mixture.toJSON()),
    ]) {
      expect(restored.scoreSamples(X)).toEqual(mixture.scoreSamples(X));
      expect(restored.predictProba(X)).toEqual(mixture.predictProba(X));
      expect(restored.toJSON()).toEqual(mixture.toJSON());
      const { converged, nIter, lowerBound } = mixture;
      expect(restored).toMatchObject({ isFitted: true, converged, nIter, lowerBound });
    }
  });

  it('draws samples with its own moments', () => {
    const mixture = make({ random: seeded(3) }).fit(X);
    const sample = mixture.sample(6_000);
    expect(sample).toMatchObject({ nRows: 6_000, nCols: 3 });
    expect(Array.from(sample.labels)).toEqual(Array.from(sample.labels).sort((a, b) => a - b));
    mixture.weights.forEach((weight, k) => {
      const share = sample.labels.filter((label) => label === k).length / 6_000;
      expect(Math.abs(share - weight)).toBeLessThan(0.02);
    });
    const covariances = fullMatrices(mixture);
    mixture.means.forEach((mean, k) => {
      const rows = Array.from({ length: 6_000 }, (_, i) => Array.from(sample.data.slice(3 * i, 3 * i + 3)));
      const own = rows.filter((_, i) => sample.labels[i] === k);
      const { means, covariances: spread } = new GaussianMixture({ regCovar: 0 }).fit(own);
      expectAllClose(means[0]!, mean, { rtol: 0, atol: 0.1 });
      expectAllClose(flat(spread), flat(covariances[k]), { rtol: 0.1, atol: 0.1 });
    });
  });
});

/** The covariance of each of two components as a matrix, whatever the type. */
function fullMatrices({ covariances, means }: GaussianMixture<CovarianceType>): number[][][] {
  const isTied = covariances.length === 3;
  return means.map((mean, k) => {
    const own = isTied ? covariances : covariances[k];
    return mean.map((_, i) =>
      mean.map((_, j) => {
        const row = typeof own === 'number' ? own : own![i]!;
        return typeof row === 'number' ? (i === j ? row : 0) : (row[j] as number);
      }),
    );
  });
}

describe('special cases', () => {
  it('a diagonal covariance as a full one gives the same densities', () => {
    const start = { nComponents: 2, weightsInit: [0.3, 0.7], meansInit: CENTERS, maxIter: 0 };
    const precisions = [
      [1, 2, 3],
      [0.5, 4, 1],
    ];
    const asMatrix = precisions.map((row) => row.map((p, i) => row.map((_, j) => (i === j ? p : 0))));
    const diag = new GaussianMixture({ ...start, covarianceType: 'diag', precisionsInit: precisions }).fit(X);
    const full = new GaussianMixture({ ...start, covarianceType: 'full', precisionsInit: asMatrix }).fit(X);
    expectAllClose(full.scoreSamples(X), diag.scoreSamples(X), TIGHT);
    expectAllClose(
      flat(full.covariances),
      flat(asMatrix).map((p) => (p ? 1 / p : 0)),
      TIGHT,
    );
  });

  it('equal variances as spherical, one matrix for all as tied', () => {
    const start = { nComponents: 2, weightsInit: [0.3, 0.7], meansInit: CENTERS, maxIter: 0 };
    const spherical = { ...start, covarianceType: 'spherical' as const, precisionsInit: [2, 2] };
    const matrix = [0, 1, 2].map((i) => [0, 1, 2].map((j) => (i === j ? 2 : 0)));
    const tied = { ...start, covarianceType: 'tied' as const, precisionsInit: matrix };
    const expected = new GaussianMixture(spherical).fit(X).scoreSamples(X);
    expectAllClose(new GaussianMixture(tied).fit(X).scoreSamples(X), expected, TIGHT);
  });

  it('one component is the mean and the population covariance of the data', () => {
    const { means, covariances, weights } = new GaussianMixture({ regCovar: 0.5 }).fit([
      [0, 0],
      [2, 0],
      [0, 4],
      [2, 4],
    ]);
    expect(weights).toEqual([1]);
    expectAllClose(means[0]!, [1, 2], TIGHT);
    expectAllClose(covariances.flat(2), [1.5, 0, 0, 4.5], TIGHT);
  });

  it('the density is that of the textbook', () => {
    const options = { weightsInit: [1], meansInit: [[1]], precisionsInit: [[[4]]], maxIter: 0 };
    const mixture = new GaussianMixture(options).fit([[0], [3]]);
    const density = (x: number) => Math.exp(-0.5 * ((x - 1) / 0.5) ** 2) / (0.5 * Math.sqrt(2 * Math.PI));
    expectAllClose(mixture.scoreSamples([[0.2], [1], [3]]), [0.2, 1, 3].map(density).map(Math.log), TIGHT);
    // p = 2 free parameters, 2 rows
    const logL = 2 * mixture.score([[0.2], [3]]);
    expectAllClose(mixture.aic([[0.2], [3]]), -2 * logL + 4, TIGHT);
    expectAllClose(mixture.bic([[0.2], [3]]), -2 * logL + 2 * Math.log(2), TIGHT);
  });

  it('integrates to 1', () => {
    const mixture = new GaussianMixture({ nComponents: 2 }).fit(X.map((row) => row.slice(0, 1)));
    const step = 0.01;
    const grid = Array.from({ length: 4000 }, (_, i) => [-20 + i * step]);
    const mass = mixture.scoreSamples(grid).reduce((sum, log) => sum + Math.exp(log) * step, 0);
    expectAllClose(mass, 1, { rtol: 1e-6, atol: 0 });
  });

  it('keeps its digits far from the origin', () => {
    const noise = normals(9, 200);
    const rows = Array.from({ length: 100 }, (_, i) => [noise[2 * i]!, noise[2 * i + 1]!]);
    const far = rows.map((row) => row.map((value) => value + 2 ** 26));
    const exact = far.map((row) => row.map((value) => value - 2 ** 26));
    for (const covarianceType of TYPES) {
      const near = new GaussianMixture({ covarianceType }).fit(exact).covariances;
      const away = new GaussianMixture({ covarianceType }).fit(far).covariances;
      expectAllClose(flat(away), flat(near), { rtol: 1e-6, atol: 1e-8 });
    }
  });
});

it("has scikit-learn's defaults", () => {
  expect(new GaussianMixture().fit(X).toJSON()).toMatchObject({
    kind: 'gaussianMixture',
    version: 1,
    nComponents: 1,
    covarianceType: 'full',
    regCovar: 1e-6,
    tol: 1e-3,
    maxIter: 100,
    nInit: 1,
    initParams: 'kmeans',
    warmStart: false,
    allowConstantColumns: false,
    nFeatures: 3,
  });
});

describe('starts', () => {
  it.each(['kmeans', 'k-means++', 'random', 'random_from_data'] as const)(
    '%s gives the same for the same random numbers, and without any the same always',
    (initParams) => {
      const options = { nComponents: 3, initParams, nInit: 2 };
      const seed = () => new GaussianMixture({ ...options, random: seeded(2) }).fit(X).toJSON();
      expect(seed()).toEqual(seed());
      const mixture = new GaussianMixture(options).fit(X);
      const first = mixture.toJSON();
      expect(new GaussianMixture(options).fit(X).toJSON()).toEqual(first);
      expect(mixture.fit(X).toJSON()).toEqual(first);
    },
  );

  it('more starts never lower the bound', () => {
    const bound = (nInit: number) =>
      new GaussianMixture({ nComponents: 5, nInit, initParams: 'random_from_data' }).fit(X).lowerBound;
    const bounds = [1, 2, 4, 8, 16].map(bound);
    for (let i = 1; i < bounds.length; i++) expect(bounds[i]).toBeGreaterThanOrEqual(bounds[i - 1]!);
    expect(bounds[4]).toBeGreaterThan(bounds[0]!);
  });

  it('draws nothing where all of the start is given', () => {
    const random = jest.fn(seeded(1));
    const options = {
      weightsInit: [1],
      meansInit: [[0, 0, 0]],
      covarianceType: 'spherical' as const,
      precisionsInit: [1],
    };
    new GaussianMixture({ ...options, random }).fit(X);
    expect(random).not.toHaveBeenCalled();
  });

  it('fits as many components as there are rows', () => {
    const rows = X.slice(0, 6);
    const { weights } = new GaussianMixture({ nComponents: 6 }).fit(rows);
    expectAllClose(weights, Array(6).fill(1 / 6), { rtol: 1e-9, atol: 0 });
  });

  it('fits piles of equal rows, one a component', () => {
    const piles = Array.from({ length: 30 }, (_, i) => X[i % 3]!);
    for (const initParams of ['kmeans', 'k-means++'] as const) {
      const mixture = new GaussianMixture({ nComponents: 3, initParams }).fit(piles);
      const nearest = X.slice(0, 3).map((row) => mixture.means.find((m) => Math.abs(m[0]! - row[0]!) < 1e-9));
      expectAllClose(flat(nearest), flat(X.slice(0, 3)), TIGHT);
    }
  });

  it('any number of components, on any data that vary, gives a proper mixture', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(...TYPES),
        (seed, k, covarianceType) => {
          const mixture = new GaussianMixture({ nComponents: k, covarianceType }).fit(
            blobs(seed, 30, [[0, 0]]),
          );
          expectAllClose(
            mixture.weights.reduce((sum, w) => sum + w, 0),
            1,
            TIGHT,
          );
          expect(Number.isFinite(mixture.score(X.map((row) => row.slice(1))))).toBe(true);
        },
      ),
      { numRuns: 40, seed: 5 },
    );
  });
});

describe('sample', () => {
  const mixture = () => new GaussianMixture({ nComponents: 2 }).fit(X);

  it('gives one row by default, further rows at each call, and the same ones from a new mixture', () => {
    const first = mixture();
    const rows = [first.sample(), first.sample()];
    expect(rows[0]).toMatchObject({ nRows: 1, nCols: 3 });
    expect(rows[1]!.data).not.toEqual(rows[0]!.data);
    const second = mixture();
    expect([second.sample(), second.sample()]).toEqual(rows);
  });

  it.each([0, -1, 2.5, NaN])('refuses %p rows', (nSamples) => {
    expect(() => mixture().sample(nSamples)).toThrow(/nSamples must be a whole number of at least 1/);
  });

  it('refuses numbers of random outside [0, 1)', () => {
    let call = 0;
    const random = () => (call++ < 50 ? 0.5 : 2);
    const fitted = new GaussianMixture({ random }).fit(X);
    expect(() => fitted.sample(100)).toThrow(/sample: random must return numbers in \[0, 1\), got 2/);
  });
});

describe('fromJSON refuses', () => {
  const json = new GaussianMixture({ nComponents: 2 }).fit(X).toJSON();
  it.each([
    [
      'another kind',
      { ...json, kind: 'kmeans' },
      TypeError,
      /json.kind must be 'gaussianMixture', got 'kmeans'/,
    ],
    ['another version', { ...json, version: 2 }, RangeError, /json.version must be 1, got 2/],
    ['no object', 3, TypeError, /an object or JSON text, got 3/],
    ['null', null, TypeError, /got null/],
    ['text that is no JSON', '{', TypeError, /must be JSON, got text that is not/],
    ['a missing field', { ...json, means: undefined }, TypeError, /json.means must be nested arrays/],
    ['a missing option', { ...json, tol: undefined }, TypeError, /json.tol must be given/],
    [
      'a wrong option',
      { ...json, covarianceType: 'round' },
      RangeError,
      /fromJSON: covarianceType must be one of/,
    ],
    [
      'another covariance type',
      { ...json, covarianceType: 'diag' },
      TypeError,
      /json.covariances must hold numbers/,
    ],
    [
      'another size',
      { ...json, nFeatures: 2 },
      RangeError,
      /json.means must be nested arrays of shape \[2, 2\]/,
    ],
    ['no size', { ...json, nFeatures: 0 }, RangeError, /json.nFeatures must be a whole number of at least 1/],
    [
      'a misshapen array',
      { ...json, weights: [1] },
      RangeError,
      /json.weights must be nested arrays of shape \[2\]/,
    ],
    ['weights without the sum 1', { ...json, weights: [1, 1] }, RangeError, /json.weights must sum to 1/],
    [
      'null for a number',
      { ...json, weights: [null, 1] },
      TypeError,
      /json.weights must hold numbers, got null/,
    ],
    [
      'a factor of 0',
      { ...json, precisionsCholesky: json.covariances.map((m) => m.map((r) => r.map(() => 0))) },
      RangeError,
      /json.precisionsCholesky must be positive on the diagonal/,
    ],
    [
      'converged of another kind',
      { ...json, converged: 'yes' },
      TypeError,
      /json.converged must be a boolean/,
    ],
    ['a negative nIter', { ...json, nIter: -1 }, RangeError, /json.nIter must be a whole number/],
    [
      'bounds of another number',
      { ...json, lowerBounds: [] },
      RangeError,
      /json.lowerBounds must be nested arrays/,
    ],
  ])('%s', (_, broken, kind, message) => {
    const call = () => GaussianMixture.fromJSON(broken as typeof json);
    expect(call).toThrow(kind);
    expect(call).toThrow(message);
  });

  it('nothing else: a fit without iterations and the random argument come through', () => {
    const start = new GaussianMixture({ maxIter: 0 }).fit(X);
    const random = jest.fn(seeded(4));
    const restored = GaussianMixture.fromJSON<CovarianceType>(JSON.stringify(start), { random });
    expect(restored.lowerBound).toBe(-Infinity);
    restored.sample(2);
    expect(random).toHaveBeenCalled();
  });
});
