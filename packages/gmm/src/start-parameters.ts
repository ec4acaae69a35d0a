import { flatten, type Matrix } from '@serial-oe/foundation';
import { type EstimateOptions, estimateMoments } from './estimate-parameters';
import type { CreateGaussianCore } from './gaussian-core';
import { kMeans } from './k-means';
import { kMeansPlusPlus } from './k-means-plus-plus';
import { type PreparedData, prepare } from './log-density';
import type { Moments } from './moments';
import type { CheckedOptions, InitParams } from './options';
import { type CovarianceType, covarianceShape, type MixtureParameters } from './parameters';
import { covariancesOfFactors, factorsOfPrecisions, precisionFactors } from './precision-factors';

/** scikit-learn's bound on |1 - sum(weights)| for float64. */
const WEIGHT_SUM_TOLERANCE = 1e-8;

/** Starts that the caller gave, checked, flat. */
export interface GivenStart {
  weights: Float64Array | undefined;
  means: Float64Array | undefined;
  precisionsCholesky: Float64Array | undefined;
}

/** What a start is drawn with. */
interface StartDraw {
  random: () => number;
  /** Makes the core for the rows that a start takes. */
  createCore: CreateGaussianCore;
}

/**
 * Checks weightsInit, meansInit and precisionsInit against the number of columns of the data.
 *
 * @throws RangeError or TypeError that names the option.
 */
export function checkGivenStart(options: CheckedOptions<CovarianceType>, nFeatures: number): GivenStart {
  const { nComponents, covarianceType, weightsInit, meansInit, precisionsInit } = options;
  const where = 'gmm.GaussianMixture.fit:';
  const sizes = { covarianceType, nComponents, nFeatures };
  const weights = weightsInit && flatten(`${where} weightsInit`, weightsInit, [nComponents]);
  const means = meansInit && flatten(`${where} meansInit`, meansInit, [nComponents, nFeatures]);
  const precisions =
    precisionsInit && flatten(`${where} precisionsInit`, precisionsInit, covarianceShape(sizes));
  if (weights) checkWeights(`${where} weightsInit`, weights);
  return { weights, means, precisionsCholesky: precisions && factorsOfPrecisions(precisions, sizes) };
}

/** @throws RangeError where weights are not all in [0, 1] with sum 1. */
export function checkWeights(where: string, weights: Float64Array): void {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (weights.some((weight) => weight < 0 || weight > 1)) {
    throw new RangeError(`${where} must lie between 0 and 1, got ${weights.join(', ')}.`);
  }
  if (!(Math.abs(1 - sum) <= WEIGHT_SUM_TOLERANCE)) {
    throw new RangeError(`${where} must sum to 1, got a sum of ${sum}. Divide by it.`);
  }
}

/**
 * Parameters that EM starts from: an M-step on the responsibilities that initParams makes, and what the caller gave
 * in place of its results. Nothing is estimated or drawn where everything was given.
 *
 * @throws as {@link estimateMoments} and {@link precisionFactors}, with iteration 0.
 */
export function startParameters(
  data: PreparedData,
  options: CheckedOptions<CovarianceType>,
  start: { given: GivenStart } & StartDraw,
): MixtureParameters {
  const { given } = start;
  const { nComponents, covarianceType, regCovar } = options;
  const sizes = { covarianceType, nComponents, nFeatures: data.x.nCols };
  const { weights, means, precisionsCholesky } = given;
  const covariances = precisionsCholesky && covariancesOfFactors(precisionsCholesky, sizes);
  if (weights && means && precisionsCholesky && covariances) {
    return { ...sizes, weights, means, covariances, precisionsCholesky };
  }
  const estimate = { ...sizes, regCovar, iteration: 0 };
  const moments = firstMoments(data, estimate, { ...start, initParams: options.initParams });
  return {
    ...sizes,
    weights: weights ?? moments.weights,
    means: means ?? moments.means,
    covariances: covariances ?? moments.covariances,
    precisionsCholesky: precisionsCholesky ?? precisionFactors(moments, 0),
  };
}

function firstMoments(
  data: PreparedData,
  options: EstimateOptions,
  { initParams, random, createCore }: { initParams: InitParams } & StartDraw,
): Moments {
  const { x } = data;
  const k = options.nComponents;
  if (initParams === 'kmeans') {
    return estimateMoments(data, oneHot(kMeans(x, k, random), k), options);
  }
  if (initParams === 'random') {
    return estimateMoments(data, randomResponsibilities(x.nRows, k, random), options);
  }
  const rows = initParams === 'k-means++' ? kMeansPlusPlus(x, k, random) : drawRows(x.nRows, k, random);
  // one row a component and no share of the others: an M-step on these rows alone
  const chosen = prepare(takeRows(x, rows), createCore);
  return estimateMoments(chosen, oneHot(Int32Array.from(rows.keys()), k), options);
}

/** `[nComponents, nRows]`, 1 at each row's label. */
function oneHot(labels: Int32Array, nComponents: number): Float64Array {
  const responsibilities = new Float64Array(nComponents * labels.length);
  labels.forEach((label, i) => {
    responsibilities[label * labels.length + i] = 1;
  });
  return responsibilities;
}

function randomResponsibilities(nRows: number, nComponents: number, random: () => number): Float64Array {
  const responsibilities = new Float64Array(nComponents * nRows);
  for (let i = 0; i < nRows; i++) {
    let sum = 0;
    for (let k = 0; k < nComponents; k++) {
      const uniform = 1 - random(); // in (0, 1], so that the sum is never 0
      responsibilities[k * nRows + i] = uniform;
      sum += uniform;
    }
    for (let k = 0; k < nComponents; k++) responsibilities[k * nRows + i]! /= sum;
  }
  return responsibilities;
}

/** k different indices below n, each set equally likely (the first k of a Fisher-Yates shuffle). */
function drawRows(n: number, k: number, random: () => number): number[] {
  const rows = Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < k; i++) {
    const j = i + Math.floor(random() * (n - i));
    [rows[i], rows[j]] = [rows[j]!, rows[i]!];
  }
  return rows.slice(0, k);
}

function takeRows({ data, nCols }: Matrix, rows: readonly number[]): Matrix {
  const taken = new Float64Array(rows.length * nCols);
  rows.forEach((row, i) => {
    taken.set(data.subarray(row * nCols, (row + 1) * nCols), i * nCols);
  });
  return { data: taken, nRows: rows.length, nCols };
}
