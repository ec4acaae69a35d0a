import { GaussianMixture, type GaussianMixtureJSON } from '../src/index';

const X = [Float32Array.of(0, 1), Float32Array.of(0.5, 0), Float32Array.of(0.25, 0.75)];

describe('unknown options', () => {
  it.each([
    ['n_components', 'nComponents'],
    ['reg_covar', 'regCovar'],
    ['covariance_type', 'covarianceType'],
    ['maxiter', 'maxIter'],
    ['warm_start', 'warmStart'],
    ['weights_init', 'weightsInit'],
  ])('%s is an error that names %s', (name, meant) => {
    expect(() => new GaussianMixture({ [name]: 3 } as object)).toThrow(
      new TypeError(`gmm.GaussianMixture: unknown option '${name}'. Did you mean '${meant}'?`),
    );
  });

  it('are refused by fromJSON too, which takes two of them', () => {
    const json = new GaussianMixture().fit(X).toJSON();
    const restore = (options: object) => GaussianMixture.fromJSON(json, options);
    expect(() => restore({ Core: 'wasm' })).toThrow(
      new TypeError("gmm.GaussianMixture.fromJSON: unknown option 'Core'. Did you mean 'core'?"),
    );
    expect(() => restore({ nComponents: 2 })).toThrow("There are 'random', 'core'.");
  });
});

it('takes rows of Float32Array', () => {
  const rows = X.map((row) => Array.from(row));
  const mixture = new GaussianMixture().fit(X);
  expect(mixture.toJSON()).toEqual(new GaussianMixture().fit(rows).toJSON());
  expect(mixture.predictProba(X)).toEqual([[1], [1], [1]]);
  const json: GaussianMixtureJSON = mixture.toJSON();
  expect(json.nFeatures).toBe(2);
});
