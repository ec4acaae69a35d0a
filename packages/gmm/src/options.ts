import {
  AT_LEAST_ZERO,
  COUNT,
  checkKind,
  checkNumber,
  checkOneOf,
  checkOptions,
  checkRandom,
  type OptionNames,
  POSITIVE_COUNT,
} from '@serial-oe/foundation';
import { CORE_CHOICES, type CoreChoice } from './choose-core';
import { COVARIANCE_TYPES, type CovarianceArray, type CovarianceType } from './parameters';

/**
 * How the first responsibilities are made: `'kmeans'` clusters of k-means, `'k-means++'` its starting rows one a
 * component, `'random'` uniform random numbers scaled to sum 1, `'random_from_data'` random rows one a component.
 */
export type InitParams = 'kmeans' | 'k-means++' | 'random' | 'random_from_data';

const INIT_PARAMS: readonly InitParams[] = ['kmeans', 'k-means++', 'random', 'random_from_data'];

/** Options of `GaussianMixture`; names, meanings and defaults are scikit-learn's. */
export interface GaussianMixtureOptions<T extends CovarianceType = CovarianceType> {
  /** Number of Gaussians, at least 1. Default 1. */
  nComponents?: number;
  /** Form of the covariances. Default `'full'`. */
  covarianceType?: T;
  /** Added to every variance, at least 0, in squared units of the data. Default 1e-6. */
  regCovar?: number;
  /** EM has converged where the mean log-likelihood changes by less; at least 0, natural log a row. Default 1e-3. */
  tol?: number;
  /** Iterations of EM at most, at least 0; 0 keeps the start. Default 100. */
  maxIter?: number;
  /** Number of starts, at least 1; the fit with the highest lower bound is kept. Default 1. */
  nInit?: number;
  /** Default `'kmeans'`. */
  initParams?: InitParams;
  /**
   * Uniform in [0, 1); used by the start of `fit` and by `sample`. Default: a generator with a fixed seed, started
   * anew by each `fit`, so that the same data give the same mixture.
   */
  random?: () => number;
  /** `[nComponents]`, sum 1: weights to start from, in place of those that initParams gives. */
  weightsInit?: ArrayLike<number>;
  /** `[nComponents, nFeatures]`: means to start from. */
  meansInit?: readonly ArrayLike<number>[];
  /** Precisions (inverse covariances) to start from, in the shape of the covariances. */
  precisionsInit?: CovarianceArray<T>;
  /** Whether a second `fit` continues from the first one's result. Default false. */
  warmStart?: boolean;
  /**
   * Whether `fit` takes columns that hold one value only, and gives them the variance regCovar, as scikit-learn does.
   * Default false: they are an error.
   */
  allowConstantColumns?: boolean;
  /**
   * What runs the loops over covariances that are matrices: WebAssembly SIMD, plain TypeScript, or the former where
   * the engine has it and the data are large enough to gain (`'auto'`, the default). The numbers are the same in every
   * bit. `'wasm'` is an error where it is not available.
   */
  core?: CoreChoice;
}

/** Options with their defaults filled in. */
export type CheckedOptions<T extends CovarianceType> = Required<
  Omit<GaussianMixtureOptions<T>, 'random' | 'weightsInit' | 'meansInit' | 'precisionsInit'>
> &
  Pick<GaussianMixtureOptions<T>, 'random' | 'weightsInit' | 'meansInit' | 'precisionsInit'>;

const OPTIONS: OptionNames<GaussianMixtureOptions> = {
  nComponents: true,
  covarianceType: true,
  regCovar: true,
  tol: true,
  maxIter: true,
  nInit: true,
  initParams: true,
  random: true,
  weightsInit: true,
  meansInit: true,
  precisionsInit: true,
  warmStart: true,
  allowConstantColumns: true,
  core: true,
};

/**
 * Checks the options that need no data.
 *
 * @throws RangeError for values out of range, TypeError for another kind of value and for unknown options.
 */
export function checkMixtureOptions<T extends CovarianceType>(
  where: string,
  options: GaussianMixtureOptions<T>,
): CheckedOptions<T> {
  checkOptions(where, options, OPTIONS);
  const {
    nComponents = 1,
    covarianceType = 'full' as T,
    regCovar = 1e-6,
    tol = 1e-3,
    maxIter = 100,
    nInit = 1,
    initParams = 'kmeans',
    warmStart = false,
    allowConstantColumns = false,
    core = 'auto',
    random,
    weightsInit,
    meansInit,
    precisionsInit,
  } = options;
  checkNumber(`${where}: nComponents`, nComponents, POSITIVE_COUNT);
  checkNumber(`${where}: maxIter`, maxIter, COUNT);
  checkNumber(`${where}: nInit`, nInit, POSITIVE_COUNT);
  checkNumber(`${where}: regCovar`, regCovar, AT_LEAST_ZERO);
  checkNumber(`${where}: tol`, tol, AT_LEAST_ZERO);
  checkOneOf(`${where}: covarianceType`, covarianceType, COVARIANCE_TYPES);
  checkOneOf(`${where}: initParams`, initParams, INIT_PARAMS);
  checkOneOf(`${where}: core`, core, CORE_CHOICES);
  checkKind(`${where}: warmStart`, warmStart, 'boolean');
  checkKind(`${where}: allowConstantColumns`, allowConstantColumns, 'boolean');
  if (random !== undefined) checkRandom(`${where}: random`, random);
  return {
    ...{ nComponents, covarianceType, regCovar, tol, maxIter, nInit, initParams, warmStart },
    ...{ allowConstantColumns, core, random, weightsInit, meansInit, precisionsInit },
  };
}
