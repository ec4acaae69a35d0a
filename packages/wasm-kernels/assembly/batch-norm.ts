// BatchNorm as z = (x - mean) scale + beta, scale = gamma inverse, inverse = 1 / sqrt(variance + epsilon), and its
// activation. The four rows `mean | scale | beta | inverse` of `[channels]` float32 each stand one after the other: the norm.
// With PReLU the slopes are a fifth.
import { FLOAT, loadLanes, multiplyAdd, storeLanes } from './simd';
import { sigmoid, swish } from './swish';

/** What follows z. */
export const NO_ACTIVATION: i32 = 0;
export const SWISH: i32 = 1;
export const PRELU: i32 = 2;

/** Writes the norm `[4, channels]`, or `[5, channels]` where slope `[channels]` is not 0. */
export function makeNorm(
  mean: usize,
  variance: usize,
  gamma: usize,
  beta: usize,
  channels: i32,
  epsilon: f64,
  slope: usize,
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
  if (slope) memory.copy(norm + 4 * rowBytes, slope, rowBytes);
}

/** y = act(z) gate for x and y `[rows, channels]`; gate `[channels]` may be 0 for none. y may be x. */
export function normalize(
  x: usize,
  rows: i32,
  channels: i32,
  norm: usize,
  activation: i32,
  gate: usize,
  y: usize,
): void {
  if (gate) {
    if (activation == SWISH) normalizeRows(x, rows, channels, norm, SWISH, true, gate, y);
    else if (activation == PRELU) normalizeRows(x, rows, channels, norm, PRELU, true, gate, y);
    else normalizeRows(x, rows, channels, norm, NO_ACTIVATION, true, gate, y);
  } else if (activation == SWISH) normalizeRows(x, rows, channels, norm, SWISH, false, gate, y);
  else if (activation == PRELU) normalizeRows(x, rows, channels, norm, PRELU, false, gate, y);
  else normalizeRows(x, rows, channels, norm, NO_ACTIVATION, false, gate, y);
}

// @ts-ignore: decorator
@inline
function normalizeRows(
  x: usize,
  rows: i32,
  channels: i32,
  norm: usize,
  activation: i32,
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
      normalizeLanes(source, norm, rowBytes, gate, target, i, activation, isGated, 4);
    }
    if (wholeBytes < rowBytes) {
      normalizeLanes(source, norm, rowBytes, gate, target, wholeBytes, activation, isGated, channels & 3);
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
  activation: i32,
  isGated: bool,
  nLanes: i32,
): void {
  let value = normalized(x + offset, norm + offset, rowBytes, nLanes);
  if (activation == SWISH) value = swish(value);
  if (activation == PRELU) value = prelu(value, loadLanes(norm + 4 * rowBytes + offset, nLanes));
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

/** z above 0, slope z below. */
// @ts-ignore: decorator
@inline
function prelu(z: v128, slope: v128): v128 {
  return v128.bitselect(f32x4.mul(z, slope), z, f32x4.lt(z, f32x4.splat(0)));
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
