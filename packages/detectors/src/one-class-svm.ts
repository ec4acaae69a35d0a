import {
  ABOVE_ZERO,
  COUNT,
  checkKind,
  checkNumber,
  checkOneOf,
  checkOptions,
  FINITE,
  fitted,
  type Matrix,
  type MatrixLike,
  type NumberRule,
  type OptionNames,
  POSITIVE_COUNT,
  readJson,
} from '@serial-oe/foundation';
import { JSON_VERSION, readNumbers, readRows, rowsOf } from './detector-json';
import type { DetectorJSON, OutlierDetector } from './outlier-detector';
import { solveOneClass } from './solve-one-class';
import { kernelSums, type SvmKernel } from './svm-kernel';
import { queryMatrix, trainingMatrix } from './training-matrix';

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
const KIND = 'oneClassSvm';
const OPTIONS: OptionNames<OneClassSvmOptions> = {
  kernel: true,
  gamma: true,
  nu: true,
  tol: true,
  maxIter: true,
  cacheSize: true,
};
/** (0, 1]: nu, and the weight of a support vector. */
const SHARE: NumberRule = { isValid: (x) => x > 0 && x <= 1, rule: 'be a number above 0 and at most 1' };

/** A fitted `OneClassSvm`; gamma is `usedGamma` for the kernel `'rbf'`. */
export interface OneClassSvmJSON extends DetectorJSON, Required<OneClassSvmOptions> {
  kind: typeof KIND;
  /** The gamma that the data were given; null for the kernel `'linear'`. */
  usedGamma: number | null;
  /** The support vectors. */
  rows: number[][];
  /** The weight of each. */
  weights: number[];
  offset: number;
  nIter: number;
  converged: boolean;
}

/**
 * One-class support vector machine: a kernel score that at most nu of the training rows fall below an offset of;
 * scikit-learn's `OneClassSVM`. Keeps the support vectors, at least nu of the training rows.
 *
 * @see B. Schoelkopf et al., "Estimating the support of a high-dimensional distribution", Neural Computation 13 (2001).
 */
export class OneClassSvm implements OutlierDetector {
  readonly #options: Required<OneClassSvmOptions>;
  #state: FittedState | undefined;

  /** @throws RangeError or TypeError that names the option. */
  constructor(options: OneClassSvmOptions = {}) {
    checkOptions(WHERE, options, OPTIONS);
    this.#options = checkValues(`${WHERE}: `, options);
  }

  /** The detector out of what {@link toJSON} made, or its text. @throws RangeError or TypeError that names the field. */
  static fromJSON(json: OneClassSvmJSON | string): OneClassSvm {
    const where = `${WHERE}.fromJSON`;
    const fields = readJson(where, json, { kind: KIND, version: JSON_VERSION });
    for (const name of Object.keys(OPTIONS)) {
      if (fields[name] === undefined)
        throw new TypeError(`${where}: json.${name} must be given, got undefined.`);
    }
    const options = checkValues(`${where}: json.`, fields as OneClassSvmOptions);
    const detector = new OneClassSvm(options);
    detector.#state = readState(where, fields, options.kernel);
    return detector;
  }

  /**
   * Not converging within maxIter is no error: see `converged`.
   *
   * @throws RangeError or TypeError for another X than a finite matrix.
   */
  fit(X: MatrixLike): this {
    const x = trainingMatrix(`${WHERE}.fit: X`, X);
    const { kernel: kind, gamma, cacheSize, ...options } = this.#options;
    const kernel: SvmKernel = kind === 'linear' ? { kind } : { kind, gamma: resolveGamma(gamma, x) };
    const { alphas, ...end } = solveOneClass(kernel, x, { ...options, cacheBytes: cacheSize * 2 ** 20 });
    this.#state = { kernel, ...supportOf(x, alphas), ...end };
    return this;
  }

  /** @throws NotFittedError before `fit`. */
  toJSON(): OneClassSvmJSON {
    const { kernel, supportVectors, weights, offset, nIter, converged } = this.#fitted('toJSON');
    return {
      ...{ kind: KIND, version: JSON_VERSION, ...this.#options },
      usedGamma: kernel.kind === 'rbf' ? kernel.gamma : null,
      rows: rowsOf(supportVectors),
      weights: Array.from(weights),
      ...{ offset, nIter, converged },
    };
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
    return kernelSums(kernel, queries, { rows: supportVectors, weights });
  }
}

/** The options with their defaults; `where` is put before their names. */
function checkValues(
  where: string,
  {
    kernel = 'rbf',
    gamma = 'scale',
    nu = 0.5,
    tol = 1e-3,
    maxIter = 10_000_000,
    cacheSize = 200,
  }: OneClassSvmOptions,
): Required<OneClassSvmOptions> {
  checkOneOf(`${where}kernel`, kernel, ['rbf', 'linear']);
  if (typeof gamma === 'string') checkOneOf(`${where}gamma`, gamma, ['scale', 'auto']);
  else checkNumber(`${where}gamma`, gamma, ABOVE_ZERO);
  checkNumber(`${where}nu`, nu, SHARE);
  checkNumber(`${where}tol`, tol, ABOVE_ZERO);
  checkNumber(`${where}maxIter`, maxIter, POSITIVE_COUNT);
  checkNumber(`${where}cacheSize`, cacheSize, ABOVE_ZERO);
  return { kernel, gamma, nu, tol, maxIter, cacheSize };
}

function readState(where: string, json: Record<string, unknown>, kind: SvmKernel['kind']): FittedState {
  const supportVectors = readRows(where, json.rows);
  const number = (name: string, rule: NumberRule) => checkNumber(`${where}: json.${name}`, json[name], rule);
  return {
    kernel: kind === 'linear' ? { kind } : { kind, gamma: number('usedGamma', ABOVE_ZERO) },
    supportVectors,
    weights: readNumbers(`${where}: json.weights`, json.weights, {
      length: supportVectors.nRows,
      rule: SHARE,
    }),
    offset: number('offset', FINITE),
    nIter: number('nIter', COUNT),
    converged: checkKind(`${where}: json.converged`, json.converged, 'boolean'),
  };
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
