// The gradient of BatchNorm and its activation. With n rows, c = x - mean and dz the gradient of z:
//   dbeta = sum dz,  dgamma = inverse sum(dz c),  dx = scale (dz - dbeta / n - c inverse dgamma / n).
//
// and with PReLU dslope = sum dy min(z, 0).
//
// State of the sums for n channels, 36 n bytes, zeros at the start:
//   sum dz f64[n] | sum dz c f64[n] | dslope f64[n] | the same of a chunk f32[n], f32[n], f32[n]
import { normalized, PRELU, SWISH } from './batch-norm';
import { FLOAT, loadLanes, multiplyAdd, storeLanes } from './simd';
import { swishDerivative } from './swish';

/** Rows that are summed in float32 before the float64 state takes them over. */
const CHUNK_ROWS: i32 = 256;

/** Where the derivative of the activation comes from. */
const NO_ACTIVATION: i32 = 0;
const SWISH_OF_X: i32 = 1;
const GIVEN_SLOPE: i32 = 2;
const PRELU_OF_X: i32 = 3;

/**
 * dz = dy act'(z) for `[rows, channels]`, and the sums. dz may be dy; without an activation dz must be dy, and nothing
 * is written.
 */
export function gatherNormGradient(
  dy: usize,
  x: usize,
  rows: i32,
  channels: i32,
  norm: usize,
  activation: i32,
  dz: usize,
  state: usize,
): void {
  const rowBytes = <usize>channels * FLOAT;
  const sums = state + 24 * <usize>channels;
  for (let row = 0; row < rows; row += CHUNK_ROWS) {
    const nRows = min(rows - row, CHUNK_ROWS);
    const start = <usize>row * rowBytes;
    memory.fill(sums, 0, 3 * rowBytes);
    if (activation == SWISH) gatherChunk(dy + start, 0, x + start, nRows, channels, norm, SWISH_OF_X, dz + start, sums);
    else if (activation == PRELU) gatherChunk(dy + start, 0, x + start, nRows, channels, norm, PRELU_OF_X, dz + start, sums);
    else gatherChunk(dy + start, 0, x + start, nRows, channels, norm, NO_ACTIVATION, dz + start, sums);
    joinChunk(channels, state);
  }
}

/** dz = dy slope and the sums, with slope = act'(z) from `normalizeWithSlope`. dz may be dy. */
export function gatherScaledGradient(
  dy: usize,
  slope: usize,
  x: usize,
  rows: i32,
  channels: i32,
  norm: usize,
  dz: usize,
  state: usize,
): void {
  const rowBytes = <usize>channels * FLOAT;
  const sums = state + 24 * <usize>channels;
  for (let row = 0; row < rows; row += CHUNK_ROWS) {
    const nRows = min(rows - row, CHUNK_ROWS);
    const at = <usize>row * rowBytes;
    memory.fill(sums, 0, 3 * rowBytes);
    gatherChunk(dy + at, slope + at, x + at, nRows, channels, norm, GIVEN_SLOPE, dz + at, sums);
    joinChunk(channels, state);
  }
}

// @ts-ignore: decorator
@inline
function gatherChunk(
  dy: usize,
  slope: usize,
  x: usize,
  rows: i32,
  channels: i32,
  norm: usize,
  mode: i32,
  dz: usize,
  sums: usize,
): void {
  const rowBytes = <usize>channels * FLOAT;
  const wholeBytes = rowBytes & ~15;
  const isOdd = rows & 1;
  let at: usize = 0;
  for (let row = 0; row < rows - isOdd; row += 2) {
    for (let i: usize = 0; i < wholeBytes; i += 16) {
      gatherTwoRows(dy + at, slope + at, x + at, norm, rowBytes, mode, dz + at, sums, i, 4);
    }
    if (wholeBytes < rowBytes) {
      const nLeft = channels & 3;
      gatherTwoRows(dy + at, slope + at, x + at, norm, rowBytes, mode, dz + at, sums, wholeBytes, nLeft);
    }
    at += 2 * rowBytes;
  }
  if (!isOdd) return;
  for (let i: usize = 0; i < rowBytes; i += 16) {
    const nLanes = min(4, <i32>((rowBytes - i) >> 2));
    gatherOneRow(dy + at, slope + at, x + at, norm, rowBytes, mode, dz + at, sums, i, nLanes);
  }
}

// @ts-ignore: decorator
@inline
function gatherTwoRows(
  dy: usize,
  slope: usize,
  x: usize,
  norm: usize,
  rowBytes: usize,
  mode: i32,
  dz: usize,
  sums: usize,
  offset: usize,
  nLanes: i32,
): void {
  const next = offset + rowBytes;
  const n = norm + offset;
  const a = gradientOfZ(dy + offset, slope + offset, x + offset, n, rowBytes, mode, nLanes);
  const b = gradientOfZ(dy + next, slope + next, x + next, n, rowBytes, mode, nLanes);
  if (mode == PRELU_OF_X) {
    const third = sums + 2 * rowBytes + offset;
    let slopes = loadLanes(third, nLanes);
    slopes = addSlopeGradient(dy + offset, x + offset, n, rowBytes, nLanes, slopes);
    slopes = addSlopeGradient(dy + next, x + next, n, rowBytes, nLanes, slopes);
    storeLanes(third, slopes, nLanes);
  }
  if (mode != NO_ACTIVATION) {
    storeLanes(dz + offset, a, nLanes);
    storeLanes(dz + next, b, nLanes);
  }
  const mean = loadLanes(n, nLanes);
  const first = sums + offset;
  const second = first + rowBytes;
  let products = loadLanes(second, nLanes);
  products = multiplyAdd(a, f32x4.sub(loadLanes(x + offset, nLanes), mean), products);
  products = multiplyAdd(b, f32x4.sub(loadLanes(x + next, nLanes), mean), products);
  storeLanes(first, f32x4.add(loadLanes(first, nLanes), f32x4.add(a, b)), nLanes);
  storeLanes(second, products, nLanes);
}

// @ts-ignore: decorator
@inline
function gatherOneRow(
  dy: usize,
  slope: usize,
  x: usize,
  norm: usize,
  rowBytes: usize,
  mode: i32,
  dz: usize,
  sums: usize,
  offset: usize,
  nLanes: i32,
): void {
  const n = norm + offset;
  const a = gradientOfZ(dy + offset, slope + offset, x + offset, n, rowBytes, mode, nLanes);
  if (mode == PRELU_OF_X) {
    const third = sums + 2 * rowBytes + offset;
    const slopes = addSlopeGradient(dy + offset, x + offset, n, rowBytes, nLanes, loadLanes(third, nLanes));
    storeLanes(third, slopes, nLanes);
  }
  if (mode != NO_ACTIVATION) storeLanes(dz + offset, a, nLanes);
  const centred = f32x4.sub(loadLanes(x + offset, nLanes), loadLanes(n, nLanes));
  const first = sums + offset;
  const second = first + rowBytes;
  storeLanes(first, f32x4.add(loadLanes(first, nLanes), a), nLanes);
  storeLanes(second, multiplyAdd(a, centred, loadLanes(second, nLanes)), nLanes);
}

// @ts-ignore: decorator
@inline
function gradientOfZ(
  dy: usize,
  slope: usize,
  x: usize,
  norm: usize,
  rowBytes: usize,
  mode: i32,
  nLanes: i32,
): v128 {
  const gradient = loadLanes(dy, nLanes);
  if (mode == NO_ACTIVATION) return gradient;
  if (mode == GIVEN_SLOPE) return f32x4.mul(gradient, loadLanes(slope, nLanes));
  if (mode == PRELU_OF_X) {
    const below = f32x4.le(normalized(x, norm, rowBytes, nLanes), f32x4.splat(0));
    const scaled = f32x4.mul(gradient, loadLanes(norm + 4 * rowBytes, nLanes));
    return v128.bitselect(scaled, gradient, below);
  }
  return f32x4.mul(gradient, swishDerivative(normalized(x, norm, rowBytes, nLanes)));
}

/** sums + dy min(z, 0). */
// @ts-ignore: decorator
@inline
function addSlopeGradient(dy: usize, x: usize, norm: usize, rowBytes: usize, nLanes: i32, sums: v128): v128 {
  const z = normalized(x, norm, rowBytes, nLanes);
  return multiplyAdd(loadLanes(dy, nLanes), f32x4.min(z, f32x4.splat(0)), sums);
}

function joinChunk(channels: i32, state: usize): void {
  let sum = state;
  let chunk = state + 24 * <usize>channels;
  for (let i = 0; i < 3 * channels; i++) {
    store<f64>(sum, load<f64>(sum) + <f64>load<f32>(chunk));
    sum += 8;
    chunk += FLOAT;
  }
}

/**
 * Writes dgamma and dbeta, dslope where its address is not 0, and the four rows `mean | scale | slope | offset` of `[channels]` with which
 * dx = scale dz + (x - mean) slope + offset.
 */
export function finishNormGradient(
  state: usize,
  rows: f64,
  channels: i32,
  norm: usize,
  dGamma: usize,
  dBeta: usize,
  dSlope: usize,
  coefficients: usize,
): void {
  const rowBytes = <usize>channels * FLOAT;
  const products = state + 8 * <usize>channels;
  for (let i = 0; i < channels; i++) {
    const offset = <usize>i * FLOAT;
    const scale = <f64>load<f32>(norm + offset + rowBytes);
    const inverse = <f64>load<f32>(norm + offset + 3 * rowBytes);
    const beta = load<f64>(state + 8 * <usize>i);
    const gamma = load<f64>(products + 8 * <usize>i) * inverse;
    store<f32>(dBeta + offset, <f32>beta);
    store<f32>(dGamma + offset, <f32>gamma);
    if (dSlope) store<f32>(dSlope + offset, <f32>load<f64>(products + 8 * <usize>channels + 8 * <usize>i));
    const target = coefficients + offset;
    store<f32>(target, load<f32>(norm + offset));
    store<f32>(target + rowBytes, <f32>scale);
    store<f32>(target + 2 * rowBytes, <f32>((-scale * inverse * gamma) / rows));
    store<f32>(target + 3 * rowBytes, <f32>((-scale * beta) / rows));
  }
}

/** dx for `[rows, channels]`. dx may be dz. */
export function normInputGradient(
  dz: usize,
  x: usize,
  rows: i32,
  channels: i32,
  coefficients: usize,
  dx: usize,
): void {
  const rowBytes = <usize>channels * FLOAT;
  const wholeBytes = rowBytes & ~15;
  let start: usize = 0;
  for (let row = 0; row < rows; row++) {
    for (let i: usize = 0; i < wholeBytes; i += 16) {
      inputGradientLanes(dz + start, x + start, coefficients, rowBytes, dx + start, i, 4);
    }
    if (wholeBytes < rowBytes) {
      inputGradientLanes(dz + start, x + start, coefficients, rowBytes, dx + start, wholeBytes, channels & 3);
    }
    start += rowBytes;
  }
}

// @ts-ignore: decorator
@inline
function inputGradientLanes(
  dz: usize,
  x: usize,
  coefficients: usize,
  rowBytes: usize,
  dx: usize,
  offset: usize,
  nLanes: i32,
): void {
  const c = coefficients + offset;
  const centred = f32x4.sub(loadLanes(x + offset, nLanes), loadLanes(c, nLanes));
  const rest = multiplyAdd(
    centred,
    loadLanes(c + 2 * rowBytes, nLanes),
    loadLanes(c + 3 * rowBytes, nLanes),
  );
  const value = multiplyAdd(loadLanes(c + rowBytes, nLanes), loadLanes(dz + offset, nLanes), rest);
  storeLanes(dx + offset, value, nLanes);
}
