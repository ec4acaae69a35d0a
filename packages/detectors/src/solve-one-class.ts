import type { Matrix } from '@serial-oe/foundation';
import { RowCache } from './row-cache';
import { kernelDiagonal, kernelRowFiller, kernelSums, type SvmKernel } from './svm-kernel';

export interface OneClassSolution {
  /** `[nRows]`, from 0 to 1, sum nu nRows. */
  alphas: Float64Array;
  /** rho: the score at the boundary. */
  offset: number;
  nIter: number;
  converged: boolean;
}

export interface OneClassOptions {
  nu: number;
  tol: number;
  maxIter: number;
  cacheBytes: number;
}

/**
 * Differences of the gradients below this share of the largest are looked at for a standstill: they may be rounding, which
 * grows with the steps.
 */
const NEAR_ROUNDING = 1e-10;
/** Steps without a new least difference that are one; more for more rows, each of which may have its turn. */
const STANDSTILL = { steps: 1000, stepsPerRow: 4 };

/** Stands in for a curvature of 0, where two rows are equal; LIBSVM's tau, in units of the largest of the kernel. */
const LEAST_CURVATURE = 1e-12;

/**
 * Minimises a^T K a / 2 over 0 <= a_i <= 1, sum a_i = nu nRows, the dual of the one-class SVM, by sequential minimal
 * optimisation: each step moves weight from one row to another, chosen by second-order information.
 *
 * The start gives the first nu nRows rows the weight 1. It ends where the gradients K a of the rows that can take
 * weight and of those that can give some differ by less than tol, or where float64 gets them no nearer; the latter has not
 * converged, which for values of 1e8 and above is the usual end of a linear kernel: its scores grow with their square.
 *
 * @see B. Schoelkopf et al., "Estimating the support of a high-dimensional distribution", Neural Computation 13 (2001).
 * @see R.-E. Fan, P.-H. Chen, C.-J. Lin, "Working set selection using second order information for training support
 *   vector machines", JMLR 6 (2005), WSS 2.
 */
export function solveOneClass(
  kernel: SvmKernel,
  x: Matrix,
  { nu, tol, maxIter, cacheBytes }: OneClassOptions,
): OneClassSolution {
  const total = nu * x.nRows;
  const alphas = Float64Array.from({ length: x.nRows }, (_, i) => Math.min(Math.max(total - i, 0), 1));
  const gradients = startGradients(kernel, x, alphas);
  const diagonal = kernelDiagonal(kernel, x);
  const cache = new RowCache(x.nRows, cacheBytes, kernelRowFiller(kernel, x));
  const leastCurvature = LEAST_CURVATURE * (largest(diagonal) || 1);
  const isStandstill = standstill(NEAR_ROUNDING * Math.max(largest(gradients), largest(diagonal)), x.nRows);
  const end = (nIter: number, converged: boolean) => ({
    ...{ alphas, offset: boundaryScore(alphas, gradients), nIter, converged },
  });
  for (let nIter = 0; ; nIter++) {
    const taker = lowestTaker(alphas, gradients);
    const difference = highestGiver(alphas, gradients) - (gradients[taker] ?? Infinity);
    if (difference < tol) return end(nIter, true);
    if (nIter === maxIter || isStandstill(difference)) return end(nIter, false);
    const takerRow = cache.get(taker);
    const { giver, step } = bestGiver({ alphas, gradients, diagonal, leastCurvature, taker, takerRow });
    const giverRow = cache.get(giver);
    const moved = Math.min(step, 1 - alphas[taker]!, alphas[giver]!);
    const isTooSmall = alphas[taker]! + moved === alphas[taker]! && alphas[giver]! - moved === alphas[giver]!;
    if (isTooSmall) return end(nIter, false);
    alphas[taker] = moved === 1 - alphas[taker]! ? 1 : alphas[taker]! + moved;
    alphas[giver]! -= moved;
    for (let i = 0; i < gradients.length; i++) gradients[i]! += moved * (takerRow[i]! - giverRow[i]!);
  }
}

/** Told the difference of each step, says when they get no smaller. */
function standstill(bound: number, nRows: number): (difference: number) => boolean {
  const most = STANDSTILL.steps + STANDSTILL.stepsPerRow * nRows;
  let [least, nSteps] = [Infinity, 0];
  return (difference) => {
    if (difference < least) [least, nSteps] = [difference, 0];
    else nSteps++;
    return nSteps > most && least < bound;
  };
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** K a, where a is zero behind the first rows. */
function startGradients(kernel: SvmKernel, x: Matrix, alphas: Float64Array): Float64Array {
  const { data, nCols } = x;
  const firstZero = alphas.indexOf(0);
  const nRows = firstZero < 0 ? alphas.length : firstZero;
  const rows = { data: data.subarray(0, nRows * nCols), nRows, nCols };
  return kernelSums(kernel, x, { rows, weights: alphas });
}

/** The row with the lowest gradient of those that can take weight, or -1. */
function lowestTaker(alphas: Float64Array, gradients: Float64Array): number {
  let taker = -1;
  let lowest = Infinity;
  for (let i = 0; i < alphas.length; i++) {
    if (alphas[i]! < 1 && gradients[i]! < lowest) {
      lowest = gradients[i]!;
      taker = i;
    }
  }
  return taker;
}

/** The highest gradient of the rows that can give weight. */
function highestGiver(alphas: Float64Array, gradients: Float64Array): number {
  let highest = -Infinity;
  for (let i = 0; i < alphas.length; i++) {
    if (alphas[i]! > 0 && gradients[i]! > highest) highest = gradients[i]!;
  }
  return highest;
}

/**
 * The row to move weight from: of those with a gradient above the taker's, the one where the unbounded step b / a
 * lowers the objective most, by b^2 / (2 a) for a difference b of the gradients and a curvature a.
 */
function bestGiver(state: {
  alphas: Float64Array;
  gradients: Float64Array;
  diagonal: Float64Array;
  leastCurvature: number;
  taker: number;
  takerRow: Float64Array;
}): { giver: number; step: number } {
  const { alphas, gradients, diagonal, leastCurvature, taker, takerRow } = state;
  let best = { giver: taker, step: 0 };
  let largestGain = -Infinity;
  for (let j = 0; j < alphas.length; j++) {
    const difference = gradients[j]! - gradients[taker]!;
    if (!(alphas[j]! > 0 && difference > 0)) continue;
    const curvature = Math.max(diagonal[taker]! + diagonal[j]! - 2 * takerRow[j]!, leastCurvature);
    const gain = difference * (difference / curvature);
    if (gain > largestGain) {
      largestGain = gain;
      best = { giver: j, step: difference / curvature };
    }
  }
  return best;
}

/**
 * rho: the mean gradient of the rows with a weight between the bounds. Without such rows, the middle between the
 * highest gradient at the bound 1 and the lowest at 0, or the one of them that there is.
 */
function boundaryScore(alphas: Float64Array, gradients: Float64Array): number {
  let nFree = 0;
  let sum = 0;
  let below = -Infinity;
  let above = Infinity;
  for (let i = 0; i < alphas.length; i++) {
    if (alphas[i] === 1) below = Math.max(below, gradients[i]!);
    else if (alphas[i] === 0) above = Math.min(above, gradients[i]!);
    else {
      nFree++;
      sum += gradients[i]!;
    }
  }
  if (nFree > 0) return sum / nFree;
  return Number.isFinite(above) ? (below + above) / 2 : below;
}
