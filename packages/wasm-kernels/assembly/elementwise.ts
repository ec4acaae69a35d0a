// Operations on n values, each in its own place. The output may be an input.
import { FLOAT, loadLanes, storeLanes } from './simd';
import { sigmoid, swishDerivative } from './swish';

/** y = a + b. */
export function addValues(a: usize, b: usize, y: usize, n: i32): void {
  for (let i = 0; i < n; i += 4) {
    const nLanes = min(4, n - i);
    const at = <usize>i * FLOAT;
    storeLanes(y + at, f32x4.add(loadLanes(a + at, nLanes), loadLanes(b + at, nLanes)), nLanes);
  }
}

/** y = x factor. */
export function scaleValues(x: usize, factor: f32, y: usize, n: i32): void {
  for (let i = 0; i < n; i += 4) {
    const nLanes = min(4, n - i);
    const at = <usize>i * FLOAT;
    storeLanes(y + at, f32x4.mul(loadLanes(x + at, nLanes), f32x4.splat(factor)), nLanes);
  }
}

/** y = sigmoid(x). */
export function sigmoidValues(x: usize, y: usize, n: i32): void {
  for (let i = 0; i < n; i += 4) {
    const nLanes = min(4, n - i);
    const at = <usize>i * FLOAT;
    storeLanes(y + at, sigmoid(loadLanes(x + at, nLanes)), nLanes);
  }
}

/** dx = dy swish'(x). */
export function swishGradient(dy: usize, x: usize, dx: usize, n: i32): void {
  for (let i = 0; i < n; i += 4) {
    const nLanes = min(4, n - i);
    const at = <usize>i * FLOAT;
    const slope = swishDerivative(loadLanes(x + at, nLanes));
    storeLanes(dx + at, f32x4.mul(loadLanes(dy + at, nLanes), slope), nLanes);
  }
}

/** dx = dy y (1 - y), y = sigmoid(x). */
export function sigmoidGradient(dy: usize, y: usize, dx: usize, n: i32): void {
  for (let i = 0; i < n; i += 4) {
    const nLanes = min(4, n - i);
    const at = <usize>i * FLOAT;
    const s = loadLanes(y + at, nLanes);
    const slope = f32x4.mul(s, f32x4.sub(f32x4.splat(1), s));
    storeLanes(dx + at, f32x4.mul(loadLanes(dy + at, nLanes), slope), nLanes);
  }
}
