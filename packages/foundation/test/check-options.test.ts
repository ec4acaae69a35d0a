import { checkOptions, nameSome, nearestName, type OptionNames, toMatrix } from '../src/index';

interface Options {
  nComponents?: number;
  covarianceType?: string;
  regCovar?: number;
  tol?: number;
  nInit?: number;
  initParams?: string;
}
const NAMES: OptionNames<Options> = {
  nComponents: true,
  covarianceType: true,
  regCovar: true,
  tol: true,
  nInit: true,
  initParams: true,
};
const check = (options: unknown) => () => checkOptions('gmm.GaussianMixture', options as Options, NAMES);

describe('checkOptions', () => {
  it('takes any of the known options, and none', () => {
    expect(check({})).not.toThrow();
    expect(check({ tol: 1, nInit: undefined })).not.toThrow();
  });

  it('names the option that was meant', () => {
    expect(check({ tol: 1, n_components: 3 })).toThrow(
      new TypeError("gmm.GaussianMixture: unknown option 'n_components'. Did you mean 'nComponents'?"),
    );
  });

  it('lists the known options where none is near', () => {
    expect(check({ k: 3 })).toThrow(
      new TypeError(
        "gmm.GaussianMixture: unknown option 'k'. There are 'nComponents', 'covarianceType', 'regCovar', 'tol', " +
          "'nInit', 'initParams'.",
      ),
    );
    expect(() => checkOptions('a.b', { c: 1 } as object, {})).toThrow(
      "a.b: unknown option 'c'. There are none.",
    );
  });

  it('does not take names that every object has for known ones', () => {
    expect(check({ toString: 1 })).toThrow("unknown option 'toString'");
    expect(check(JSON.parse('{ "__proto__": 1 }'))).toThrow("unknown option '__proto__'");
  });

  it.each([[null], [3], ['tol'], [[1]], [() => 1]])('refuses %p, which is no object', (options) => {
    expect(check(options)).toThrow(TypeError);
    expect(check(options)).toThrow('gmm.GaussianMixture: options must be an object, got ');
  });
});

it('the options of this package are checked too', () => {
  expect(() => nameSome([], { seperator: ';' } as object)).toThrow(
    new TypeError("foundation.nameSome: unknown option 'seperator'. Did you mean 'separator'?"),
  );
  expect(() => toMatrix('a.b: X', [[1]], { max_magnitude: 1 } as object)).toThrow(
    new TypeError("foundation.toMatrix: unknown option 'max_magnitude'. Did you mean 'maxMagnitude'?"),
  );
});

describe('nearestName', () => {
  const names = Object.keys(NAMES);

  it.each([
    ['n_components', 'nComponents'],
    ['N-COMPONENTS', 'nComponents'],
    ['nComponent', 'nComponents'],
    ['components', 'nComponents'],
    ['covariance', 'covarianceType'],
    ['covarianceTyp', 'covarianceType'],
    ['reg_covar', 'regCovar'],
    ['regularCovar', 'regCovar'],
    ['tool', 'tol'],
    ['initparam', 'initParams'],
    ['nIter', undefined],
    ['max', undefined],
    ['', undefined],
  ])('of %p is %p', (name, expected) => {
    expect(nearestName(name, names)).toBe(expected);
  });
});
