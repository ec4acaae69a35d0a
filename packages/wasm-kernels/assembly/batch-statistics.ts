// Mean and variance of each channel, gathered block after block of rows.
//
// State for n channels, 8 + 28 n bytes, zeros at the start:
//   count f64 | mean f64[n] | sum of squared deviations f64[n] | origin f32[n] | first sums f32[n] | second sums f32[n]
import { FLOAT, loadLanes, multiplyAdd, storeLanes } from './simd';

/** Rows that are summed in float32 before the float64 state takes them over. */
const CHUNK_ROWS: i32 = 256;

/**
 * Adds rows of x `[rows, channels]` to the state.
 *
 * Within a chunk, sums of x - origin and of their squares run in float32; the origin is the mean so far (for the very
 * first chunk its own mean), so that no digits are lost where the mean is large against the spread. Chunks join by
 * Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances" (1979).
 */
export function gatherStatistics(x: usize, rows: i32, channels: i32, state: usize): void {
  const rowBytes = <usize>channels * FLOAT;
  const origin = state + 8 + 16 * <usize>channels;
  const sums = origin + rowBytes;
  for (let row = 0; row < rows; row += CHUNK_ROWS) {
    const nRows = min(rows - row, CHUNK_ROWS);
    const chunk = x + <usize>row * rowBytes;
    if (load<f64>(state) == 0) meanOfChunk(chunk, nRows, channels, origin, sums);
    memory.fill(sums, 0, 2 * rowBytes);
    sumChunk(chunk, nRows, channels, origin, sums);
    joinChunk(nRows, channels, state);
  }
}

function meanOfChunk(x: usize, rows: i32, channels: i32, origin: usize, sums: usize): void {
  memory.fill(origin, 0, 3 * <usize>channels * FLOAT);
  sumChunk(x, rows, channels, origin, sums);
  for (let i = 0; i < channels; i++) {
    store<f32>(origin + <usize>i * FLOAT, load<f32>(sums + <usize>i * FLOAT) / <f32>rows);
  }
}

function sumChunk(x: usize, rows: i32, channels: i32, origin: usize, sums: usize): void {
  const rowBytes = <usize>channels * FLOAT;
  let source = x;
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    let i = 0;
    for (; i + 4 <= channels; i += 4) sumFourRows(source, rowBytes, origin, sums, i, 4);
    if (i < channels) sumFourRows(source, rowBytes, origin, sums, i, channels - i);
    source += 4 * rowBytes;
  }
  for (; row < rows; row++) {
    let i = 0;
    for (; i + 4 <= channels; i += 4) sumOneRow(source, rowBytes, origin, sums, i, 4);
    if (i < channels) sumOneRow(source, rowBytes, origin, sums, i, channels - i);
    source += rowBytes;
  }
}

// @ts-ignore: decorator
@inline
function sumFourRows(x: usize, rowBytes: usize, origin: usize, sums: usize, i: i32, nLanes: i32): void {
  const offset = <usize>i * FLOAT;
  const o = loadLanes(origin + offset, nLanes);
  let source = x + offset;
  const a = f32x4.sub(loadLanes(source, nLanes), o);
  source += rowBytes;
  const b = f32x4.sub(loadLanes(source, nLanes), o);
  source += rowBytes;
  const c = f32x4.sub(loadLanes(source, nLanes), o);
  source += rowBytes;
  const d = f32x4.sub(loadLanes(source, nLanes), o);
  const first = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
  let second = f32x4.mul(a, a);
  second = multiplyAdd(b, b, second);
  second = multiplyAdd(c, c, second);
  second = multiplyAdd(d, d, second);
  addTo(sums + offset, first, nLanes);
  addTo(sums + rowBytes + offset, second, nLanes);
}

// @ts-ignore: decorator
@inline
function sumOneRow(x: usize, rowBytes: usize, origin: usize, sums: usize, i: i32, nLanes: i32): void {
  const offset = <usize>i * FLOAT;
  const a = f32x4.sub(loadLanes(x + offset, nLanes), loadLanes(origin + offset, nLanes));
  addTo(sums + offset, a, nLanes);
  addTo(sums + rowBytes + offset, f32x4.mul(a, a), nLanes);
}

// @ts-ignore: decorator
@inline
function addTo(address: usize, value: v128, nLanes: i32): void {
  storeLanes(address, f32x4.add(loadLanes(address, nLanes), value), nLanes);
}

function joinChunk(rows: i32, channels: i32, state: usize): void {
  const nBefore = load<f64>(state);
  const n = <f64>rows;
  const nAfter = nBefore + n;
  let means = state + 8;
  const deviationBytes = 8 * <usize>channels;
  let origin = state + 8 + 2 * deviationBytes;
  const rowBytes = <usize>channels * FLOAT;
  for (let i = 0; i < channels; i++) {
    const first = <f64>load<f32>(origin + rowBytes) / n;
    const second = <f64>load<f32>(origin + 2 * rowBytes);
    const delta = <f64>load<f32>(origin) + first - load<f64>(means);
    const mean = load<f64>(means) + (delta * n) / nAfter;
    const deviations = max(second - first * first * n, 0) + (delta * delta * nBefore * n) / nAfter;
    store<f64>(means, mean);
    store<f64>(means + deviationBytes, load<f64>(means + deviationBytes) + deviations);
    store<f32>(origin, <f32>mean);
    means += 8;
    origin += FLOAT;
  }
  store<f64>(state, nAfter);
}

/** Writes mean and biased variance, `[channels]` each. */
export function finishStatistics(state: usize, channels: i32, mean: usize, variance: usize): void {
  const n = load<f64>(state);
  let source = state + 8;
  const deviationBytes = 8 * <usize>channels;
  for (let i = 0; i < channels; i++) {
    const offset = <usize>i * FLOAT;
    store<f32>(mean + offset, <f32>load<f64>(source));
    store<f32>(variance + offset, <f32>(load<f64>(source + deviationBytes) / n));
    source += 8;
  }
}
