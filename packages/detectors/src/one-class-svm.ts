import { checkCount, checkOneOf, checkPositive } from './check-options';
import { fitted } from './errors';
import { type Matrix, type MatrixLike, queryMatrix, trainingMatrix } from './matrix';
import type { OutlierDetector } from './outlier-detector';
import { solveOneClass } from './solve-one-class';
import { kernelSums, type SvmKernel } from './svm-kernel';

/** Options of `OneClassSvm`. */
export interface OneClassSvmOptions {
  /** exp(-gamma |x - y|^2), or x . y. Default `'rbf'`. */
  kernel?: 'rbf' | 'linear';
  /**
   * Of the kernel `'rbf'`, above 0: `'scale'` is 1 / (nCols times the variance of all values of X), `'auto'` is
   * 1 / nCols. Default `'scale'`.
   */
  gamma?: number | 'scale' | 'auto';
  /** At most this share of the training rows lies outside, at least this share supports; above 0, to 1. Default 0.5. */
  nu?: number;
  /**
   * The solver ends where gradients differ by less, in units of the score; above 0. Below the rounding of a gradient, a
   * score times 1e-16 and more, it is never reached. Default 1e-3.
   */
  tol?: number;
  /** Steps of the solver at most, at least 1. Default 10,000,000. */
  maxIter?: number;
  /** Bound of the memory for rows of the kernel during `fit`, in MB, above 0. Default 200. */
  cacheSize?: number;
}

interface FittedState {
  kernel: SvmKernel;
  /** The training rows with a weight, and their weights. */
  supportVectors: Matrix;
  weights: Float64Array;
  offset: number;
  nIter: number;
  converged: boolean;
}

const WHERE = 'detectors.OneClassSvm';

/**
 * One-class support vector machine: a kernel score that at most nu of the training rows fall below an offset of;
 * scikit-learn's `OneClassSVM`. Keeps the support vectors, at least nu of the training rows.
 *
 * @see B. Schoelkopf et al., "Estimating the support of a high-dimensional distribution", Neural Computation 13 (2001).
 */
export class OneClassSvm implements OutlierDetector {
  readonly #options: Required<OneClassSvmOptions>;
  #state: FittedState | undefined;

  /** @throws RangeError that names the option. */
  constructor({
    kernel = 'rbf',
    gamma = 'scale',
    nu = 0.5,
    tol = 1e-3,
    maxIter = 10_000_000,
    cacheSize = 200,
  }: OneClassSvmOptions = {}) {
    checkOneOf(WHERE, 'kernel', kernel, ['rbf', 'linear']);
    if (typeof gamma === 'string') checkOneOf(WHERE, 'gamma', gamma, ['scale', 'auto']);
    else checkPositive(WHERE, 'gamma', gamma);
    if (!(nu > 0 && nu <= 1)) {
      throw new RangeError(`${WHERE}: nu must be a number above 0 and at most 1, got ${nu}.`);
    }
    checkPositive(WHERE, 'tol', tol);
    checkCount(WHERE, 'maxIter', maxIter);
    checkPositive(WHERE, 'cacheSize', cacheSize);
    this.#options = { kernel, gamma, nu, tol, maxIter, cacheSize };
  }

  /**
   * Not converging within maxIter is no error: see `converged`.
   *
   * @throws RangeError or TypeError for another X than a finite matrix.
   */
  fit(X: MatrixLike): this {
    const x = trainingMatrix(`${WHERE}.fit`, X);
    const { kernel: kind, gamma, cacheSize, ...options } = this.#options;
    const kernel: SvmKernel = kind === 'linear' ? { kind } : { kind, gamma: resolveGamma(gamma, x) };
    const { alphas, ...end } = solveOneClass(kernel, x, { ...options, cacheBytes: cacheSize * 2 ** 20 });
    this.#state = { kernel, ...supportOf(x, alphas), ...end };
    return this;
  }

  /** The weighted sum of kernels over the support vectors, `[nRows]`. @throws NotFittedError before `fit`. */
  scoreSamples(X: MatrixLike): Float64Array {
    return this.#scores('scoreSamples', X);
  }

  /** `scoreSamples` less the offset, `[nRows]`: negative for outliers. @throws NotFittedError before `fit`. */
  decisionFunction(X: MatrixLike): Float64Array {
    const scores = this.#scores('decisionFunction', X);
    const { offset } = this;
    return scores.map((score) => score - offset);
  }

  /** The score at the boundary between inliers and outliers. */
  get offset(): number {
    return this.#fitted('offset').offset;
  }

  /** Number of support vectors. */
  get nSupport(): number {
    return this.#fitted('nSupport').weights.length;
  }

  /** Steps of the solver in the last fit. */
  get nIter(): number {
    return this.#fitted('nIter').nIter;
  }

  /** Whether the solver reached tol before maxIter. */
  get converged(): boolean {
    return this.#fitted('converged').converged;
  }

  #fitted(member: string): FittedState {
    return fitted(`${WHERE}.${member}`, this.#state);
  }

  #scores(member: string, X: MatrixLike): Float64Array {
    const { kernel, supportVectors, weights } = this.#fitted(member);
    const queries = queryMatrix(`${WHERE}.${member}`, X, supportVectors.nCols);
    return kernelSums(kernel, queries, supportVectors, weights);
  }
}

function resolveGamma(gamma: number | 'scale' | 'auto', { data, nCols }: Matrix): number {
  if (typeof gamma === 'number') return gamma;
  if (gamma === 'auto') return 1 / nCols;
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
  const scale = 1 / (nCols * variance);
  return Number.isFinite(scale) ? scale : 1; // for values that are all equal, as scikit-learn
}

function supportOf({ data, nCols }: Matrix, alphas: Float64Array) {
  const rows = Array.from(alphas.keys()).filter((i) => alphas[i]! > 0);
  const vectors = new Float64Array(rows.length * nCols);
  rows.forEach((row, i) => {
    vectors.set(data.subarray(row * nCols, (row + 1) * nCols), i * nCols);
  });
  return {
    supportVectors: { data: vectors, nRows: rows.length, nCols },
    weights: Float64Array.from(rows, (row) => alphas[row]!),
  };
}
