import { FLOAT, loadLanes, multiplyAdd, storeLanes } from './simd';

/**
 * One AdamW update of n values:
 *   nextM = beta1 m + (1 - beta1) gradient,  nextV = beta2 v + (1 - beta2) gradient^2,
 *   nextP = decay p - rate nextM / (sqrt(nextV) + epsilon).
 * The caller folds learning rate, weight decay and bias corrections into decay, rate and epsilon.
 */
export function adamW(
  p: usize,
  gradient: usize,
  m: usize,
  v: usize,
  nextP: usize,
  nextM: usize,
  nextV: usize,
  n: i32,
  beta1: f32,
  gain1: f32,
  beta2: f32,
  gain2: f32,
  decay: f32,
  rate: f32,
  epsilon: f32,
): void {
  for (let i = 0; i < n; i += 4) {
    const nLanes = min(4, n - i);
    const at = <usize>i * FLOAT;
    const g = loadLanes(gradient + at, nLanes);
    const mean = multiplyAdd(
      loadLanes(m + at, nLanes),
      f32x4.splat(beta1),
      f32x4.mul(g, f32x4.splat(gain1)),
    );
    const square = multiplyAdd(
      loadLanes(v + at, nLanes),
      f32x4.splat(beta2),
      f32x4.mul(f32x4.mul(g, g), f32x4.splat(gain2)),
    );
    const root = f32x4.add(f32x4.sqrt(square), f32x4.splat(epsilon));
    const step = f32x4.div(f32x4.mul(mean, f32x4.splat(rate)), root);
    storeLanes(nextM + at, mean, nLanes);
    storeLanes(nextV + at, square, nLanes);
    const decayed = f32x4.mul(loadLanes(p + at, nLanes), f32x4.splat(decay));
    storeLanes(nextP + at, f32x4.sub(decayed, step), nLanes);
  }
}
