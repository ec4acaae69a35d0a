import {
  checkedRandom,
  checkNumber,
  checkOptions,
  type FloatArray,
  fitted,
  isRows,
  type Matrix,
  type MatrixLike,
  nest,
  type OptionNames,
  POSITIVE_COUNT,
  seededRandom,
  toMatrix,
} from '@serial-oe/foundation';
import { checkFitData } from './check-fit-data';
import { coreFactory } from './choose-core';
import { drawSample, type MixtureSample } from './draw-sample';
import { DegenerateDataError } from './errors';
import { expectationMaximization, type MixtureFit } from './expectation-maximization';
import type { CreateGaussianCore } from './gaussian-core';
import {
  logLikelihoods,
  meanOf,
  mostLikelyComponents,
  normalizeDensities,
  type PreparedData,
  prepare,
  weightedLogDensities,
} from './log-density';
import {
  type FittedState,
  type GaussianMixtureJSON,
  JSON_KIND,
  JSON_VERSION,
  parseMixtureJson,
} from './mixture-json';
import { type CheckedOptions, checkMixtureOptions, type GaussianMixtureOptions } from './options';
import {
  type CovarianceArray,
  type CovarianceType,
  covarianceShape,
  type MixtureParameters,
  nFreeParameters,
} from './parameters';
import { checkGivenStart, startParameters } from './start-parameters';

/** Options of a mixture that its JSON does not hold. */
type RestoreOptions = Pick<GaussianMixtureOptions, 'random' | 'core'>;
const RESTORE_OPTIONS: OptionNames<RestoreOptions> = { random: true, core: true };

/** Seed of the generator where the caller gives none. */
const DEFAULT_SEED = 0;

/**
 * Mixture of Gaussians, p(x) = sum_k w_k N(x | m_k, C_k), fitted by expectation-maximisation; options, results and
 * their shapes as scikit-learn's `GaussianMixture`. Arithmetic in float64 and in the log domain, natural logarithms.
 *
 * X is an array of rows (of numbers, Float32Array or Float64Array) or `{ data, nRows, nCols }`, row-major, rows are samples; it is never written to.
 * Arrays that a mixture hands out are copies.
 *
 * @see C. M. Bishop, "Pattern Recognition and Machine Learning" (2006), section 9.2.
 * @example
 * const mixture = new GaussianMixture({ nComponents: 2 }).fit([[0], [0.1], [0.2], [5], [5.1], [5.2]]);
 * mixture.means; // [[0.1], [5.1]] in either order
 */
export class GaussianMixture<T extends CovarianceType = 'full'> {
  readonly #options: CheckedOptions<T>;
  readonly #sampleRandom: () => number;
  readonly #createCore: CreateGaussianCore;
  #state: FittedState | undefined;

  /** @throws RangeError or TypeError that names the option. */
  constructor(options: GaussianMixtureOptions<T> = {}) {
    this.#options = checkMixtureOptions('gmm.GaussianMixture', options);
    const { random, covarianceType, core } = this.#options;
    this.#createCore = coreFactory('gmm.GaussianMixture', covarianceType, core);
    this.#sampleRandom = random
      ? checkedRandom('gmm.GaussianMixture.sample', random)
      : seededRandom(DEFAULT_SEED, 'sample');
  }

  /**
   * A mixture out of what {@link toJSON} made, or its text. It scores bit for bit the same and can go on with
   * warmStart; `random`, `core` and the `...Init` options are not stored.
   *
   * @param restored `random` for `fit` and `sample`; `core`.
   * @throws TypeError or RangeError for another kind or version, a missing field or an array of another shape.
   */
  static fromJSON<T extends CovarianceType = CovarianceType>(
    json: GaussianMixtureJSON<T> | string,
    restored: RestoreOptions = {},
  ): GaussianMixture<T> {
    checkOptions('gmm.GaussianMixture.fromJSON', restored, RESTORE_OPTIONS);
    const { random, core } = restored;
    const { options, state } = parseMixtureJson(json);
    const mixture = new GaussianMixture<T>({ ...(options as CheckedOptions<T>), random, core });
    mixture.#state = state;
    return mixture;
  }

  /**
   * Fits the mixture to the rows of X. Not converging within maxIter is no error: see `converged`. Where it throws,
   * the mixture stays what it was.
   *
   * With warmStart, a second call goes on from the parameters and the lower bound of the first (one start, nInit and
   * initParams without effect).
   *
   * @throws DegenerateDataError for NaN or infinite values, fewer (distinct) rows than components, constant columns
   *   and values whose squares overflow; CollapsedComponentError where a component loses its rows or its covariance is
   *   singular; RangeError or TypeError for a start of the wrong shape or kind, or another X than a matrix.
   */
  fit(X: MatrixLike): this {
    const where = 'gmm.GaussianMixture.fit';
    const x = toData(where, X);
    const { nComponents, allowConstantColumns, warmStart } = this.#options;
    checkFitData(x, nComponents, allowConstantColumns);
    const previous = warmStart ? this.#state : undefined;
    if (previous) checkColumns(where, x, previous.parameters);
    const data = prepare(x, this.#createCore);
    const { parameters, converged, lowerBounds } = previous
      ? this.#goOn(data, previous)
      : this.#startAnew(data);
    this.#state = { parameters, converged, nIter: lowerBounds.length, lowerBounds };
    return this;
  }

  #goOn(data: PreparedData, { parameters, lowerBounds }: FittedState): MixtureFit {
    const startLowerBound = lowerBounds.at(-1) ?? -Infinity;
    return expectationMaximization(data, parameters, { ...this.#options, startLowerBound });
  }

  #startAnew(data: PreparedData): MixtureFit {
    const options = this.#options;
    const random = options.random
      ? checkedRandom('gmm.GaussianMixture.fit', options.random)
      : seededRandom(DEFAULT_SEED, 'fit');
    const given = checkGivenStart(options, data.x.nCols);
    let best: MixtureFit | undefined;
    for (let start = 0; start < options.nInit; start++) {
      const parameters = startParameters(data, options, { given, random, createCore: this.#createCore });
      const fit = expectationMaximization(data, parameters, { ...options, startLowerBound: -Infinity });
      if (best === undefined || lastBound(fit) > lastBound(best)) best = fit;
    }
    return best!;
  }

  /** Log-likelihood of each row, `[nRows]`; -Infinity for a row beyond float64's range, never NaN. */
  scoreSamples(X: MatrixLike): Float64Array {
    return this.#logLikelihoods('scoreSamples', X);
  }

  /** Mean log-likelihood of the rows. */
  score(X: MatrixLike): number {
    return meanOf(this.#logLikelihoods('score', X));
  }

  /** Component with the highest responsibility for each row, `[nRows]`. */
  predict(X: MatrixLike): Int32Array {
    const { densities, nRows } = this.#weightedLogDensities('predict', X);
    return mostLikelyComponents('gmm.GaussianMixture.predict', densities, nRows);
  }

  /**
   * Responsibilities: the probability of each component given the row, `[nRows, nComponents]`, rows sum to 1; in the
   * form in which X came.
   *
   * @throws RangeError for a row that is infinitely far from every component.
   */
  predictProba(X: readonly ArrayLike<number>[]): number[][];
  predictProba(X: Readonly<Matrix<FloatArray>>): Matrix;
  predictProba(X: MatrixLike): number[][] | Matrix;
  predictProba(X: MatrixLike): number[][] | Matrix {
    const { densities, nRows } = this.#weightedLogDensities('predictProba', X);
    normalizeDensities('gmm.GaussianMixture.predictProba', densities, nRows);
    const nCols = this.#options.nComponents;
    const data = new Float64Array(densities.length);
    for (let i = 0; i < data.length; i++) data[i] = densities[(i % nCols) * nRows + Math.floor(i / nCols)]!;
    return isRows(X) ? (nest(data, [nRows, nCols]) as number[][]) : { data, nRows, nCols };
  }

  /**
   * Draws rows from the mixture, in the order of their components. Successive calls give further rows.
   *
   * @param nSamples at least 1. Default 1.
   * @returns a matrix that `fit` and the scores take, with `labels`.
   */
  sample(nSamples = 1): MixtureSample {
    checkNumber('gmm.GaussianMixture.sample: nSamples', nSamples, POSITIVE_COUNT);
    return drawSample(this.#fitted('sample').parameters, nSamples, this.#sampleRandom);
  }

  /** Bayesian information criterion on X, -2 log L + p log n for p free parameters; lower is better. */
  bic(X: MatrixLike): number {
    const rows = this.#logLikelihoods('bic', X);
    return (
      -2 * meanOf(rows) * rows.length +
      nFreeParameters(this.#fitted('bic').parameters) * Math.log(rows.length)
    );
  }

  /** Akaike information criterion on X, -2 log L + 2 p; lower is better. */
  aic(X: MatrixLike): number {
    const rows = this.#logLikelihoods('aic', X);
    return -2 * meanOf(rows) * rows.length + 2 * nFreeParameters(this.#fitted('aic').parameters);
  }

  /** Whether the mixture has parameters; without them, all that asks for them throws NotFittedError. */
  get isFitted(): boolean {
    return this.#state !== undefined;
  }

  /** `[nComponents]`, sum 1. */
  get weights(): number[] {
    return Array.from(this.#fitted('weights').parameters.weights);
  }

  /** `[nComponents, nFeatures]` */
  get means(): number[][] {
    const { means, nComponents, nFeatures } = this.#fitted('means').parameters;
    return nest(means, [nComponents, nFeatures]) as number[][];
  }

  /** Shape by covariance type, see CovarianceShapes. */
  get covariances(): CovarianceArray<T> {
    const { parameters } = this.#fitted('covariances');
    return nest(parameters.covariances, covarianceShape(parameters)) as CovarianceArray<T>;
  }

  /** P with P P^T = C^-1, upper triangular for full and tied, 1 / sqrt(C) for diag and spherical; shape as C. */
  get precisionsCholesky(): CovarianceArray<T> {
    const { parameters } = this.#fitted('precisionsCholesky');
    return nest(parameters.precisionsCholesky, covarianceShape(parameters)) as CovarianceArray<T>;
  }

  /** Whether the lower bound changed by less than tol before maxIter was reached. */
  get converged(): boolean {
    return this.#fitted('converged').converged;
  }

  /** Iterations of the best start in the last fit. */
  get nIter(): number {
    return this.#fitted('nIter').nIter;
  }

  /** Mean log-likelihood of the last iteration's E-step (so before its M-step); -Infinity after maxIter 0. */
  get lowerBound(): number {
    return this.#fitted('lowerBound').lowerBounds.at(-1) ?? -Infinity;
  }

  /** `[nIter]`, the lower bound of each iteration. */
  get lowerBounds(): number[] {
    return [...this.#fitted('lowerBounds').lowerBounds];
  }

  /** The fitted mixture as plain data; `JSON.stringify(mixture)` calls it, and all numbers survive exactly. */
  toJSON(): GaussianMixtureJSON<T> {
    const { parameters, converged, nIter, lowerBounds } = this.#fitted('toJSON');
    const { random, core, weightsInit, meansInit, precisionsInit, ...options } = this.#options;
    return {
      kind: JSON_KIND,
      version: JSON_VERSION,
      ...options,
      nFeatures: parameters.nFeatures,
      converged,
      nIter,
      lowerBounds: [...lowerBounds],
      weights: this.weights,
      means: this.means,
      covariances: this.covariances,
      precisionsCholesky: this.precisionsCholesky,
    };
  }

  #fitted(member: string): FittedState {
    return fitted(`gmm.GaussianMixture.${member}`, this.#state);
  }

  #weightedLogDensities(member: string, X: MatrixLike): { densities: Float64Array; nRows: number } {
    const { parameters } = this.#fitted(member);
    const where = `gmm.GaussianMixture.${member}`;
    const x = toData(where, X);
    checkColumns(where, x, parameters);
    return { densities: weightedLogDensities(prepare(x, this.#createCore), parameters), nRows: x.nRows };
  }

  #logLikelihoods(member: string, X: MatrixLike): Float64Array {
    const { densities, nRows } = this.#weightedLogDensities(member, X);
    return logLikelihoods(densities, nRows);
  }
}

/** X in float64. @throws DegenerateDataError (`nonFinite`) for NaN and infinite values; as toMatrix. */
function toData(where: string, X: MatrixLike): Readonly<Matrix> {
  return toMatrix(`${where}: X`, X, {
    toValueError: (message) => new DegenerateDataError('nonFinite', message),
  });
}

function checkColumns(where: string, { nCols }: Matrix, { nFeatures }: MixtureParameters): void {
  if (nCols === nFeatures) return;
  throw new RangeError(`${where}: X must have ${nFeatures} columns as the data of the fit, got ${nCols}.`);
}

function lastBound({ lowerBounds }: MixtureFit): number {
  return lowerBounds.at(-1) ?? -Infinity;
}
