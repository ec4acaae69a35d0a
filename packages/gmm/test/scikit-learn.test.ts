import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import {
  type CoreChoice,
  type CovarianceType,
  GaussianMixture,
  type GaussianMixtureOptions,
} from '../src/index';
import { blobs, flat, goldenData, TYPES } from './fixtures';
import golden from './golden/gmm.json';

type Expected = (typeof golden.cases)[number]['expected'];

function expectSame(
  mixture: GaussianMixture<CovarianceType>,
  X: number[][],
  test: number[][],
  expected: Expected,
) {
  const close = (actual: unknown, wanted: unknown) =>
    expectAllClose(flat(actual), flat(wanted), golden.tolerance);
  expect(mixture.nIter).toBe(expected.nIter);
  expect(mixture.converged).toBe(expected.converged);
  close(mixture.weights, expected.weights);
  close(mixture.means, expected.means);
  close(mixture.covariances, expected.covariances);
  close(mixture.precisionsCholesky, expected.precisionsCholesky);
  close(mixture.lowerBound, expected.lowerBound);
  close(mixture.lowerBounds, expected.lowerBounds);
  close(mixture.bic(X), expected.bic);
  close(mixture.aic(X), expected.aic);
  close(mixture.score(X), expected.score);
  close(Array.from(mixture.scoreSamples(test)), expected.scoreSamples);
  close(mixture.predictProba(test), expected.predictProba);
  expect(Array.from(mixture.predict(test))).toEqual(expected.predict);
}

describe.each<CoreChoice>(['wasm', 'typescript'])(
  'equals scikit-learn from the same start, core %s',
  (core) => {
    it.each(golden.cases)('$name', ({ data, options, expected }) => {
      const { X, test } = goldenData(data);
      const mixture = new GaussianMixture({ ...(options as GaussianMixtureOptions), core }).fit(X);
      expectSame(mixture, X, test, expected);
    });

    it.each(golden.warm)('$covarianceType, warm start, call after call', ({ expected, ...start }) => {
      const { X, test } = goldenData('overlapping');
      const options = { ...start, nComponents: 2, warmStart: true, core } as GaussianMixtureOptions;
      const mixture = new GaussianMixture(options);
      for (const after of expected) expectSame(mixture.fit(X), X, test, after as Expected);
    });

    it.each(TYPES)('%s, a constant column where it is allowed', (covarianceType) => {
      const { X, expected } = golden.constantColumn;
      const mixture = new GaussianMixture({ covarianceType, allowConstantColumns: true, core }).fit(X);
      expectAllClose(flat(mixture.covariances), flat(expected[covarianceType].covariances), {
        rtol: 1e-6,
        atol: 1e-14,
      });
      expectAllClose(mixture.score(X), expected[covarianceType].score, { rtol: 1e-6, atol: 0 });
    });
  },
);

describe('finds the optimum of scikit-learn by its own start', () => {
  const { X, best } = golden.separated;
  const test = X.filter((_, i) => i % 9 === 0);

  describe.each(['kmeans', 'k-means++', 'random_from_data', 'random'] as const)('%s', (initParams) => {
    it.each(best)('$covarianceType', (expected) => {
      const covarianceType = expected.covarianceType as CovarianceType;
      const nInit = initParams === 'random' ? 60 : 20; // responsibilities at random rarely start well
      const options = { nComponents: 3, covarianceType, nInit, initParams, tol: 1e-10, maxIter: 500 };
      const mixture = new GaussianMixture(options).fit(X);
      const order = [0, 1, 2].sort((a, b) => mixture.means[a]![0]! - mixture.means[b]![0]!);
      const sorted = <V>(values: V[]) => order.map((k) => values[k]!);
      const close = (actual: unknown, wanted: unknown) =>
        expectAllClose(flat(actual), flat(wanted), { rtol: 1e-4, atol: 1e-4 });
      expectAllClose(mixture.lowerBound, expected.lowerBound, { rtol: 1e-8, atol: 0 });
      close(sorted(mixture.weights), expected.weights);
      close(sorted(mixture.means), expected.means);
      const isShared = covarianceType === 'tied';
      close(isShared ? mixture.covariances : sorted<unknown>(mixture.covariances), expected.covariances);
      close(Array.from(mixture.scoreSamples(test)), expected.scoreSamples);
    });
  });
});

describe('starts given in part', () => {
  const X = blobs(4, 60, [
    [-4, 0],
    [4, 1],
  ]);

  it('takes weights, means or precisions in place of what initParams gives', () => {
    const base = { nComponents: 2, maxIter: 0 };
    const plain = new GaussianMixture(base).fit(X);
    const weightsInit = [0.25, 0.75];
    const meansInit = [
      [1, 2],
      [3, 4],
    ];
    const withWeights = new GaussianMixture({ ...base, weightsInit }).fit(X);
    expect(withWeights.weights).toEqual(weightsInit);
    expect(withWeights.means).toEqual(plain.means);
    const withMeans = new GaussianMixture({ ...base, meansInit }).fit(X);
    expect(withMeans.means).toEqual(meansInit);
    expect(withMeans.covariances).toEqual(plain.covariances);
  });

  it('gives the covariances of given precisions, also without an iteration', () => {
    const precision = [
      [2, 0.5],
      [0.5, 1],
    ]; // its inverse: [[1, -0.5], [-0.5, 2]] / 1.75
    const covariance = [1 / 1.75, -0.5 / 1.75, -0.5 / 1.75, 2 / 1.75];
    const full = new GaussianMixture({ maxIter: 0, precisionsInit: [precision] }).fit(X);
    expectAllClose(flat(full.covariances), covariance, { rtol: 1e-14, atol: 0 });
    expect(full).toMatchObject({ nIter: 0, converged: false, lowerBound: -Infinity, lowerBounds: [] });
    const tied = { covarianceType: 'tied' as const, maxIter: 0, precisionsInit: precision };
    expectAllClose(flat(new GaussianMixture(tied).fit(X).covariances), covariance, { rtol: 1e-14, atol: 0 });
    const diag = { covarianceType: 'diag' as const, maxIter: 0, precisionsInit: [[4, 0.25]] };
    expect(new GaussianMixture(diag).fit(X).covariances).toEqual([[0.25, 4]]);
    const spherical = { covarianceType: 'spherical' as const, maxIter: 0, precisionsInit: [4] };
    expect(new GaussianMixture(spherical).fit(X).covariances).toEqual([0.25]);
  });
});
