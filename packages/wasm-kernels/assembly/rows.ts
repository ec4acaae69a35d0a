// Sums over the rows of a matrix `[rows, channels]`, and rows made from one.
import { FLOAT, loadLanes, multiplyAdd, storeLanes } from './simd';

/** sums[c] += the sum over the rows of x. */
export function addRows(x: usize, rows: i32, channels: i32, sums: usize): void {
  const rowBytes = <usize>channels * FLOAT;
  let source = x;
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    let i = 0;
    for (; i + 4 <= channels; i += 4) addFourRows(source, rowBytes, sums, i, 4);
    if (i < channels) addFourRows(source, rowBytes, sums, i, channels - i);
    source += 4 * rowBytes;
  }
  for (; row < rows; row++) {
    for (let i = 0; i < channels; i += 4) {
      const nLanes = min(4, channels - i);
      const offset = <usize>i * FLOAT;
      const sum = f32x4.add(loadLanes(sums + offset, nLanes), loadLanes(source + offset, nLanes));
      storeLanes(sums + offset, sum, nLanes);
    }
    source += rowBytes;
  }
}

// @ts-ignore: decorator
@inline
function addFourRows(x: usize, rowBytes: usize, sums: usize, i: i32, nLanes: i32): void {
  const offset = <usize>i * FLOAT;
  let source = x + offset;
  const a = loadLanes(source, nLanes);
  source += rowBytes;
  const b = loadLanes(source, nLanes);
  source += rowBytes;
  const c = loadLanes(source, nLanes);
  source += rowBytes;
  const sum = f32x4.add(f32x4.add(a, b), f32x4.add(c, loadLanes(source, nLanes)));
  storeLanes(sums + offset, f32x4.add(loadLanes(sums + offset, nLanes), sum), nLanes);
}

/** sums[c] += the sum over the rows of x y. */
export function addRowProducts(x: usize, y: usize, rows: i32, channels: i32, sums: usize): void {
  const rowBytes = <usize>channels * FLOAT;
  let start: usize = 0;
  let row = 0;
  for (; row + 2 <= rows; row += 2) {
    let i = 0;
    for (; i + 4 <= channels; i += 4) addTwoProducts(x + start, y + start, rowBytes, sums, i, 4);
    if (i < channels) addTwoProducts(x + start, y + start, rowBytes, sums, i, channels - i);
    start += 2 * rowBytes;
  }
  if (row == rows) return;
  for (let i = 0; i < channels; i += 4) {
    const nLanes = min(4, channels - i);
    const offset = <usize>i * FLOAT;
    const a = loadLanes(x + start + offset, nLanes);
    const b = loadLanes(y + start + offset, nLanes);
    storeLanes(sums + offset, multiplyAdd(a, b, loadLanes(sums + offset, nLanes)), nLanes);
  }
}

// @ts-ignore: decorator
@inline
function addTwoProducts(x: usize, y: usize, rowBytes: usize, sums: usize, i: i32, nLanes: i32): void {
  const offset = <usize>i * FLOAT;
  const next = offset + rowBytes;
  let sum = loadLanes(sums + offset, nLanes);
  sum = multiplyAdd(loadLanes(x + offset, nLanes), loadLanes(y + offset, nLanes), sum);
  sum = multiplyAdd(loadLanes(x + next, nLanes), loadLanes(y + next, nLanes), sum);
  storeLanes(sums + offset, sum, nLanes);
}

/** y = x factor + offset for each row; factor and offset `[channels]`, offset may be 0 for none. y may be x. */
export function scaleRows(
  x: usize,
  rows: i32,
  channels: i32,
  factor: usize,
  offset: usize,
  y: usize,
): void {
  const rowBytes = <usize>channels * FLOAT;
  let start: usize = 0;
  for (let row = 0; row < rows; row++) {
    let i = 0;
    for (; i + 4 <= channels; i += 4) scaleLanes(x + start, factor, offset, y + start, i, 4);
    if (i < channels) scaleLanes(x + start, factor, offset, y + start, i, channels - i);
    start += rowBytes;
  }
}

// @ts-ignore: decorator
@inline
function scaleLanes(x: usize, factor: usize, offset: usize, y: usize, i: i32, nLanes: i32): void {
  const at = <usize>i * FLOAT;
  const a = loadLanes(x + at, nLanes);
  const f = loadLanes(factor + at, nLanes);
  const value = offset ? multiplyAdd(a, f, loadLanes(offset + at, nLanes)) : f32x4.mul(a, f);
  storeLanes(y + at, value, nLanes);
}

/** Every row of y = x factor, x `[channels]`. */
export function repeatRow(x: usize, rows: i32, channels: i32, factor: f32, y: usize): void {
  let target = y;
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < channels; i += 4) {
      const nLanes = min(4, channels - i);
      const offset = <usize>i * FLOAT;
      storeLanes(target + offset, f32x4.mul(loadLanes(x + offset, nLanes), f32x4.splat(factor)), nLanes);
    }
    target += <usize>channels * FLOAT;
  }
}
