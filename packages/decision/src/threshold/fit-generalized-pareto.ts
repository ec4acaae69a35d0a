import { solveDecreasing } from '../distributions/solve';
import { maximize } from './maximize';

/** A generalised Pareto distribution from 0 on: P(Y > y) = (1 + shape y / scale)^(-1 / shape), exp(-y / scale) for shape 0. */
export interface GeneralizedPareto {
  /** 0: an exponential tail; above 0: heavier, below 0: it ends. */
  shape: number;
  scale: number;
}

/** Below -1/2 the most likely parameters have no usual errors, above 1 there is no mean: no shape of an anomaly score's tail. */
const SHAPES = { low: -0.5, high: 1 };
/** A ratio of shape to scale this small, at a mean of 1, is an exponential distribution. */
const EXPONENTIAL = 1e-7;

/**
 * The generalised Pareto distribution of excesses that is most likely. Likelihood is looked at along the curve on which, for each
 * ratio of shape to scale, the shape is the most likely one, mean(log(1 + ratio y)); the shape is kept within [-1/2, 1].
 *
 * @param excesses of at least 0, not all 0
 * @see S. D. Grimshaw, "Computing maximum likelihood estimates for the generalized Pareto distribution", Technometrics 35 (1993)
 */
export function fitGeneralizedPareto(excesses: Float64Array): GeneralizedPareto {
  const mean = excesses.reduce((sum, y) => sum + y / excesses.length, 0);
  const unit = excesses.map((y) => y / mean);
  const shapeAt = (ratio: number) => unit.reduce((sum, y) => sum + Math.log1p(ratio * y) / unit.length, 0);
  const scaleAt = (ratio: number) => (Math.abs(ratio) < EXPONENTIAL ? 1 : shapeAt(ratio) / ratio);
  const lowest = -1 / unit.reduce((most, y) => Math.max(most, y), 0);
  const ratioOf = (shape: number, low: number, high: number) =>
    solveDecreasing((ratio) => shape - shapeAt(ratio), { low, high });
  let high = 1;
  while (shapeAt(high) < SHAPES.high) high *= 2;
  const ratio = maximize(
    (each) => -Math.log(scaleAt(each)) - shapeAt(each) - 1,
    ratioOf(SHAPES.low, lowest, 0),
    ratioOf(SHAPES.high, 0, high),
  );
  const isExponential = Math.abs(ratio) < EXPONENTIAL;
  return { shape: isExponential ? 0 : shapeAt(ratio), scale: scaleAt(ratio) * mean };
}

/** The excess that is exceeded with the probability `upper`, in (0, 1]. */
export function paretoExcess({ shape, scale }: GeneralizedPareto, upper: number): number {
  const steps = -Math.log(upper);
  return shape === 0 ? scale * steps : (scale / shape) * Math.expm1(shape * steps);
}
