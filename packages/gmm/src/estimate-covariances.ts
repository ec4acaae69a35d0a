import type { Matrix } from '@serial-oe/foundation';
import type { PreparedData } from './log-density';
import type { MixtureSizes } from './parameters';

/** Responsibilities `[nComponents, nRows]`, their sums `[nComponents]` and the means `[nComponents, nFeatures]`. */
export interface Assignment {
  responsibilities: Float64Array;
  counts: Float64Array;
  means: Float64Array;
}

/**
 * Rows with r <= NEGLIGIBLE_SHARE n_k / nRows are left out of the matrices: together they hold less than eps^2 of the
 * component, so they stay under the rounding of its sums for data within 1 / sqrt(eps) standard deviations.
 */
const NEGLIGIBLE_SHARE = Number.EPSILON ** 2;

/**
 * Covariances of the M-step, flat in the shape of their type; regCovar is added to the variances. All are sums over
 * centred rows, where E[x^2] - E[x]^2 would lose digits to an offset of the data.
 */
export function estimateCovariances(
  data: PreparedData,
  assignment: Assignment,
  { covarianceType, regCovar }: MixtureSizes & { regCovar: number },
): Float64Array {
  if (covarianceType === 'full') return fullCovariances(data, assignment, regCovar);
  if (covarianceType === 'tied') return tiedCovariance(data, assignment, regCovar);
  const variances = diagonalVariances(data.x, assignment, regCovar);
  return covarianceType === 'diag' ? variances : averageVariances(variances, data.x.nCols);
}

/** C_k = sum_i r_ik (x_i - m_k) (x_i - m_k)^T / n_k. */
function fullCovariances(data: PreparedData, assignment: Assignment, regCovar: number): Float64Array {
  const { nCols } = data.x;
  const size = nCols * nCols;
  const { counts } = assignment;
  const covariances = new Float64Array(counts.length * size);
  for (let k = 0; k < counts.length; k++) {
    const out = covariances.subarray(k * size, (k + 1) * size);
    componentScatter(data, componentOf(assignment, k), out);
    for (let i = 0; i < size; i++) out[i]! /= counts[k]!;
    for (let i = 0; i < size; i += nCols + 1) out[i]! += regCovar;
  }
  return covariances;
}

/**
 * C = sum_ik r_ik (x_i - m_k) (x_i - m_k)^T / n, summed over the components. (The scatter of all rows minus that of the
 * means would take one pass, but cancels where components lie far apart; there, each row is in one pass only anyway.)
 */
function tiedCovariance(data: PreparedData, assignment: Assignment, regCovar: number): Float64Array {
  const { nCols } = data.x;
  const { counts } = assignment;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const covariance = new Float64Array(nCols * nCols);
  const scatter = new Float64Array(nCols * nCols);
  for (let k = 0; k < counts.length; k++) {
    componentScatter(data, componentOf(assignment, k), scatter);
    for (let i = 0; i < scatter.length; i++) covariance[i]! += scatter[i]! / total;
  }
  for (let i = 0; i < covariance.length; i += nCols + 1) covariance[i]! += regCovar;
  return covariance;
}

/** What concerns one component. */
interface ComponentShare {
  mean: Float64Array;
  responsibilities: Float64Array;
  count: number;
}

function componentOf({ responsibilities, counts, means }: Assignment, k: number): ComponentShare {
  const part = (values: Float64Array) => {
    const length = values.length / counts.length;
    return values.subarray(k * length, (k + 1) * length);
  };
  return { mean: part(means), responsibilities: part(responsibilities), count: counts[k]! };
}

function componentScatter(
  { x, core }: PreparedData,
  { mean, responsibilities, count }: ComponentShare,
  out: Float64Array,
): void {
  core.scatter(mean, { responsibilities, smallest: (NEGLIGIBLE_SHARE * count) / x.nRows }, out);
}

/** v_kj = sum_i r_ik (x_ij - m_kj)^2 / n_k. */
function diagonalVariances(
  { data, nRows, nCols }: Matrix,
  assignment: Assignment,
  regCovar: number,
): Float64Array {
  const nComponents = assignment.counts.length;
  const variances = new Float64Array(nComponents * nCols);
  for (let k = 0; k < nComponents; k++) {
    const { mean, responsibilities, count } = componentOf(assignment, k);
    const out = variances.subarray(k * nCols, (k + 1) * nCols);
    for (let i = 0; i < nRows; i++) {
      const r = responsibilities[i]!;
      if (r === 0) continue;
      const from = i * nCols;
      for (let j = 0; j < nCols; j++) {
        const d = data[from + j]! - mean[j]!;
        out[j]! += r * d * d;
      }
    }
    for (let j = 0; j < nCols; j++) out[j] = out[j]! / count + regCovar;
  }
  return variances;
}

function averageVariances(variances: Float64Array, nCols: number): Float64Array {
  return Float64Array.from({ length: variances.length / nCols }, (_, k) => {
    let sum = 0;
    for (let j = 0; j < nCols; j++) sum += variances[k * nCols + j]!;
    return sum / nCols;
  });
}
