import { FLOAT, loadLanes, multiplyAdd, storeLanes } from './simd';
import { swish } from './swish';

/**
 * c = a b with a `[m, k]` row-major, b packed by `packRight` or `packRightTransposed`, c `[m, n]` row-major.
 * The caller keeps m so small that the block of a stays in the cache while the panels of b pass by.
 */
export function multiply(a: usize, b: usize, c: usize, m: i32, k: i32, n: i32): void {
  product(a, b, c, m, k, n, 0, 0);
}

/**
 * c = a b + bias + residual, the product of inference: a `[m, k]` row-major, b packed by `packRight` or `scalePanels`,
 * bias as long as the panels of b are wide (a multiple of 8), c and residual `[m, n]` row-major; residual may be 0 for
 * none. The sums start at the bias, so that it costs nothing.
 */
export function multiplyBiased(
  a: usize,
  b: usize,
  c: usize,
  m: i32,
  k: i32,
  n: i32,
  bias: usize,
  residual: usize,
): void {
  product(a, b, c, m, k, n, bias, residual);
}

/** The product of both, with bias and residual where they are not 0. */
// @ts-ignore: decorator
@inline
function product(
  a: usize,
  b: usize,
  c: usize,
  m: i32,
  k: i32,
  n: i32,
  bias: usize,
  residual: usize,
): void {
  const aRow = <usize>k * FLOAT;
  const cRow = <usize>n * FLOAT;
  for (let column = 0; column < n; column += 8) {
    const nColumns = min(n - column, 8);
    const offset = <usize>column * FLOAT;
    const start = bias ? bias + offset : 0;
    const panel = b + <usize>column * aRow;
    let left = a;
    let target = c + offset;
    let added = residual ? residual + offset : 0;
    const step = residual ? cRow : 0;
    let row = 0;
    for (; row + 4 <= m; row += 4) {
      multiplyTile(left, aRow, panel, target, cRow, k, start, added, nColumns);
      left += 4 * aRow;
      target += 4 * cRow;
      added += 4 * step;
    }
    for (; row < m; row++) {
      multiplyRow(left, panel, target, k, start, added, nColumns);
      left += aRow;
      target += cRow;
      added += step;
    }
  }
}

/**
 * Four rows times a panel of 8 columns. One step of k a turn: 8 sums and 6 loads are what the 16 registers of x64 hold,
 * and V8 moves the loads of a longer loop body to its front.
 */
// @ts-ignore: decorator
@inline
function multiplyTile(
  a: usize,
  aRow: usize,
  panel: usize,
  c: usize,
  cRow: usize,
  k: i32,
  bias: usize,
  residual: usize,
  nColumns: i32,
): void {
  let a0 = a;
  let a1 = a0 + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  let b = panel;
  let c00 = bias ? v128.load(bias) : f32x4.splat(0);
  let c01 = bias ? v128.load(bias, 16) : c00;
  let c10 = c00;
  let c11 = c01;
  let c20 = c00;
  let c21 = c01;
  let c30 = c00;
  let c31 = c01;
  const end = a0 + <usize>k * FLOAT;
  while (a0 < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let s = v128.load32_splat(a0);
    c00 = multiplyAdd(s, b0, c00);
    c01 = multiplyAdd(s, b1, c01);
    s = v128.load32_splat(a1);
    c10 = multiplyAdd(s, b0, c10);
    c11 = multiplyAdd(s, b1, c11);
    s = v128.load32_splat(a2);
    c20 = multiplyAdd(s, b0, c20);
    c21 = multiplyAdd(s, b1, c21);
    s = v128.load32_splat(a3);
    c30 = multiplyAdd(s, b0, c30);
    c31 = multiplyAdd(s, b1, c31);
    b += 32;
    a0 += FLOAT;
    a1 += FLOAT;
    a2 += FLOAT;
    a3 += FLOAT;
  }
  const rRow = residual ? cRow : 0;
  storeRow(c, c00, c01, residual, nColumns);
  storeRow(c + cRow, c10, c11, residual + rRow, nColumns);
  storeRow(c + 2 * cRow, c20, c21, residual + 2 * rRow, nColumns);
  storeRow(c + 3 * cRow, c30, c31, residual + 3 * rRow, nColumns);
}

// @ts-ignore: decorator
@inline
function multiplyRow(
  a: usize,
  panel: usize,
  c: usize,
  k: i32,
  bias: usize,
  residual: usize,
  nColumns: i32,
): void {
  let left = a;
  let b = panel;
  let c0 = bias ? v128.load(bias) : f32x4.splat(0);
  let c1 = bias ? v128.load(bias, 16) : c0;
  const end = a + <usize>k * FLOAT;
  while (left < end) {
    const s = v128.load32_splat(left);
    c0 = multiplyAdd(s, v128.load(b), c0);
    c1 = multiplyAdd(s, v128.load(b, 16), c1);
    b += 32;
    left += FLOAT;
  }
  storeRow(c, c0, c1, residual, nColumns);
}

/** Writes the first nColumns of 8, with the residual added where there is one. */
// @ts-ignore: decorator
@inline
function storeRow(c: usize, v0: v128, v1: v128, residual: usize, nColumns: i32): void {
  if (nColumns == 8) {
    if (residual) {
      v128.store(c, f32x4.add(v0, v128.load(residual)));
      v128.store(c, f32x4.add(v1, v128.load(residual, 16)), 16);
    } else {
      v128.store(c, v0);
      v128.store(c, v1, 16);
    }
    return;
  }
  storeLeft(c, v0, residual, min(nColumns, 4));
  if (nColumns > 4) storeLeft(c + 16, v1, residual ? residual + 16 : 0, nColumns - 4);
}

function storeLeft(c: usize, value: v128, residual: usize, nLanes: i32): void {
  storeLanes(c, residual ? f32x4.add(value, loadLanes(residual, nLanes)) : value, nLanes);
}

/**
 * What follows a product, on rows that are still in the cache: c = act(c + bias) + residual. bias `[n]` and residual
 * `[rows, n]` may be 0 for none.
 */
export function finishRows(
  c: usize,
  rows: i32,
  n: i32,
  bias: usize,
  residual: usize,
  isSwish: bool,
): void {
  const rowBytes = <usize>n * FLOAT;
  let target = c;
  let added = residual;
  for (let row = 0; row < rows; row++) {
    let i = 0;
    for (; i + 4 <= n; i += 4) finishLanes(target, bias, added, i, isSwish, 4);
    if (i < n) finishLanes(target, bias, added, i, isSwish, n - i);
    target += rowBytes;
    if (residual) added += rowBytes;
  }
}

// @ts-ignore: decorator
@inline
function finishLanes(c: usize, bias: usize, residual: usize, i: i32, isSwish: bool, nLanes: i32): void {
  const offset = <usize>i * FLOAT;
  let value = loadLanes(c + offset, nLanes);
  if (bias) value = f32x4.add(value, loadLanes(bias + offset, nLanes));
  if (isSwish) value = swish(value);
  if (residual) value = f32x4.add(value, loadLanes(residual + offset, nLanes));
  storeLanes(c + offset, value, nLanes);
}
