import type { Matrix } from '@serial-oe/foundation';
import type { CreateGaussianCore, GaussianCore } from './gaussian-core';
import type { MixtureParameters } from './parameters';

const LOG_2_PI = Math.log(2 * Math.PI);

/** X with the core that runs over it; covariances that are no matrices need none. */
export interface PreparedData {
  readonly x: Matrix;
  readonly core: GaussianCore;
}

export function prepare(x: Matrix, createCore: CreateGaussianCore): PreparedData {
  return { x, core: createCore(x) };
}

/**
 * Weighted log densities log w_k + log N(x_i | m_k, C_k), with log N = -(D log 2 pi + |P^T (x - m)|^2) / 2 + log |P|,
 * P P^T = C^-1. A distance beyond float64's range counts as infinite, so the value may be -Infinity, never NaN.
 *
 * @returns `[nComponents, nRows]`, component after component.
 */
export function weightedLogDensities({ x, core }: PreparedData, parameters: MixtureParameters): Float64Array {
  const { nComponents, nFeatures, means, weights } = parameters;
  const out = new Float64Array(nComponents * x.nRows);
  for (let k = 0; k < nComponents; k++) {
    const column = out.subarray(k * x.nRows, (k + 1) * x.nRows);
    const mean = means.subarray(k * nFeatures, (k + 1) * nFeatures);
    const factor = componentFactor(parameters, k);
    if (factor.length === nFeatures) diagonalSquares(x, { mean, factor }, column);
    else core.squaredDistances(mean, factor, column);
    const constant = logDeterminant(factor, nFeatures) + Math.log(weights[k]!) - 0.5 * nFeatures * LOG_2_PI;
    for (let i = 0; i < column.length; i++) {
      const square = column[i]!;
      column[i] = square < Infinity ? constant - 0.5 * square : -Infinity;
    }
  }
  return out;
}

/** P of one component: `[D, D]` for full and tied, the diagonal `[D]` for diag and spherical (D = 1: the same). */
function componentFactor({ covarianceType, nFeatures, precisionsCholesky }: MixtureParameters, k: number) {
  if (covarianceType === 'tied') return precisionsCholesky;
  if (covarianceType === 'spherical') return new Float64Array(nFeatures).fill(precisionsCholesky[k]!);
  const size = covarianceType === 'full' ? nFeatures * nFeatures : nFeatures;
  return precisionsCholesky.subarray(k * size, (k + 1) * size);
}

function logDeterminant(factor: Float64Array, nFeatures: number): number {
  const step = factor.length === nFeatures ? 1 : nFeatures + 1;
  let sum = 0;
  for (let i = 0; i < factor.length; i += step) sum += Math.log(factor[i]!);
  return sum;
}

function diagonalSquares(
  { data, nRows, nCols }: Matrix,
  { mean, factor }: { mean: Float64Array; factor: Float64Array },
  out: Float64Array,
): void {
  for (let i = 0; i < nRows; i++) {
    let square = 0;
    const from = i * nCols;
    for (let j = 0; j < nCols; j++) {
      const y = (data[from + j]! - mean[j]!) * factor[j]!;
      square += y * y;
    }
    out[i] = square;
  }
}

/**
 * log of the sum of exponentials over the components, row by row: the log-likelihood of each row, -Infinity where
 * every density underflows.
 *
 * @param logDensities `[nComponents, nRows]`
 */
export function logLikelihoods(logDensities: Float64Array, nRows: number): Float64Array {
  const out = new Float64Array(nRows);
  for (let i = 0; i < nRows; i++) {
    let max = -Infinity;
    for (let at = i; at < logDensities.length; at += nRows) max = Math.max(max, logDensities[at]!);
    let sum = 0;
    for (let at = i; at < logDensities.length; at += nRows) sum += Math.exp(logDensities[at]! - max);
    out[i] = max === -Infinity ? max : max + Math.log(sum);
  }
  return out;
}

/**
 * Turns weighted log densities into responsibilities in place: r_ik = exp(log p_ik - log sum_k p_ik).
 *
 * @returns the log-likelihood of each row.
 * @throws RangeError for a row that is infinitely far from every component.
 */
export function normalizeDensities(where: string, logDensities: Float64Array, nRows: number): Float64Array {
  const likelihoods = logLikelihoods(logDensities, nRows);
  checkReachable(where, likelihoods);
  for (let start = 0; start < logDensities.length; start += nRows) {
    for (let i = 0; i < nRows; i++) {
      logDensities[start + i] = Math.exp(logDensities[start + i]! - likelihoods[i]!);
    }
  }
  return likelihoods;
}

/**
 * Component with the highest density of each row, the first one among equals.
 *
 * @throws as {@link normalizeDensities}.
 */
export function mostLikelyComponents(where: string, logDensities: Float64Array, nRows: number): Int32Array {
  checkReachable(where, logLikelihoods(logDensities, nRows));
  const labels = new Int32Array(nRows);
  for (let i = 0; i < nRows; i++) {
    for (let k = 1; k * nRows < logDensities.length; k++) {
      if (logDensities[k * nRows + i]! > logDensities[labels[i]! * nRows + i]!) labels[i] = k;
    }
  }
  return labels;
}

function checkReachable(where: string, likelihoods: Float64Array): void {
  const far = likelihoods.indexOf(-Infinity);
  if (far < 0) return;
  throw new RangeError(
    `${where}: rows of X must lie within float64's range of some component, got an infinite distance of row ${far} ` +
      'to every one. Scale the columns, or fit to data that are nearer.',
  );
}

/** Arithmetic mean. */
export function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
