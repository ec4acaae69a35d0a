// BatchNorm as z = (x - mean) scale + beta, scale = gamma inverse, inverse = 1 / sqrt(variance + epsilon), and its
// activation. The four rows `mean | scale | beta | inverse` of `[channels]` float32 each stand one after the other: the norm.
import { FLOAT, loadLanes, multiplyAdd, storeLanes } from './simd';
import { sigmoid, swish } from './swish';

/** Writes the norm `[4, channels]`. */
export function makeNorm(
  mean: usize,
  variance: usize,
  gamma: usize,
  beta: usize,
  channels: i32,
  epsilon: f64,
  norm: usize,
): void {
  const rowBytes = <usize>channels * FLOAT;
  for (let i = 0; i < channels; i++) {
    const offset = <usize>i * FLOAT;
    const target = norm + offset;
    const inverse = 1 / sqrt(<f64>load<f32>(variance + offset) + epsilon);
    store<f32>(target, load<f32>(mean + offset));
    store<f32>(target + rowBytes, <f32>(<f64>load<f32>(gamma + offset) * inverse));
    store<f32>(target + 2 * rowBytes, load<f32>(beta + offset));
    store<f32>(target + 3 * rowBytes, <f32>inverse);
  }
}

/** y = act(z) gate for x and y `[rows, channels]`; gate `[channels]` may be 0 for none. y may be x. */
export function normalize(
  x: usize,
  rows: i32,
  channels: i32,
  norm: usize,
  isSwish: bool,
  gate: usize,
  y: usize,
): void {
  if (gate) {
    if (isSwish) normalizeRows(x, rows, channels, norm, true, true, gate, y);
    else normalizeRows(x, rows, channels, norm, false, true, gate, y);
  } else if (isSwish) normalizeRows(x, rows, channels, norm, true, false, gate, y);
  else normalizeRows(x, rows, channels, norm, false, false, gate, y);
}

// @ts-ignore: decorator
@inline
function normalizeRows(
  x: usize,
  rows: i32,
  channels: i32,
  norm: usize,
  isSwish: bool,
  isGated: bool,
  gate: usize,
  y: usize,
): void {
  const rowBytes = <usize>channels * FLOAT;
  const wholeBytes = rowBytes & ~15;
  for (let row = 0; row < rows; row++) {
    const offset = <usize>row * rowBytes;
    const source = x + offset;
    const target = y + offset;
    for (let i: usize = 0; i < wholeBytes; i += 16) {
      normalizeLanes(source, norm, rowBytes, gate, target, i, isSwish, isGated, 4);
    }
    if (wholeBytes < rowBytes) {
      normalizeLanes(source, norm, rowBytes, gate, target, wholeBytes, isSwish, isGated, channels & 3);
    }
  }
}

// @ts-ignore: decorator
@inline
function normalizeLanes(
  x: usize,
  norm: usize,
  rowBytes: usize,
  gate: usize,
  y: usize,
  offset: usize,
  isSwish: bool,
  isGated: bool,
  nLanes: i32,
): void {
  let value = normalized(x + offset, norm + offset, rowBytes, nLanes);
  if (isSwish) value = swish(value);
  if (isGated) value = f32x4.mul(value, loadLanes(gate + offset, nLanes));
  storeLanes(y + offset, value, nLanes);
}

/** y = swish(z) and slope = swish'(z) for x `[rows, channels]`, from one sigmoid. */
export function normalizeWithSlope(
  x: usize,
  rows: i32,
  channels: i32,
  norm: usize,
  y: usize,
  slope: usize,
): void {
  const rowBytes = <usize>channels * FLOAT;
  const wholeBytes = rowBytes & ~15;
  for (let row = 0; row < rows; row++) {
    const start = <usize>row * rowBytes;
    for (let i: usize = 0; i < wholeBytes; i += 16) {
      withSlope(x + start + i, norm + i, rowBytes, y + start + i, slope + start + i, 4);
    }
    if (wholeBytes < rowBytes) {
      const i = start + wholeBytes;
      withSlope(x + i, norm + wholeBytes, rowBytes, y + i, slope + i, channels & 3);
    }
  }
}

// @ts-ignore: decorator
@inline
function withSlope(x: usize, norm: usize, rowBytes: usize, y: usize, slope: usize, nLanes: i32): void {
  const z = normalized(x, norm, rowBytes, nLanes);
  const s = sigmoid(z);
  const value = f32x4.mul(z, s);
  storeLanes(y, value, nLanes);
  // s (1 + z (1 - s)) = s + y (1 - s)
  storeLanes(slope, multiplyAdd(value, f32x4.sub(f32x4.splat(1), s), s), nLanes);
}

/** z. */
// @ts-ignore: decorator
@inline
export function normalized(x: usize, norm: usize, rowBytes: usize, nLanes: i32): v128 {
  const centred = f32x4.sub(loadLanes(x, nLanes), loadLanes(norm, nLanes));
  return multiplyAdd(
    centred,
    loadLanes(norm + rowBytes, nLanes),
    loadLanes(norm + 2 * rowBytes, nLanes),
  );
}
