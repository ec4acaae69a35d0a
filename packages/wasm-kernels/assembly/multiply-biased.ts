import { FLOAT, loadLanes, multiplyAdd, storeLanes } from './simd';

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
  const aRow = <usize>k * FLOAT;
  const cRow = <usize>n * FLOAT;
  for (let column = 0; column < n; column += 8) {
    const nColumns = min(n - column, 8);
    const offset = <usize>column * FLOAT;
    const panel = b + <usize>column * aRow;
    let left = a;
    let target = c + offset;
    let added = residual ? residual + offset : 0;
    const step = residual ? cRow : 0;
    let row = 0;
    for (; row + 4 <= m; row += 4) {
      multiplyTile(left, aRow, panel, target, cRow, k, bias + offset, added, nColumns);
      left += 4 * aRow;
      target += 4 * cRow;
      added += 4 * step;
    }
    for (; row < m; row++) {
      multiplyRow(left, panel, target, k, bias + offset, added, nColumns);
      left += aRow;
      target += cRow;
      added += step;
    }
  }
}

/** Four rows times a panel of 8 columns, in the tile of `multiply`. */
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
  let c00 = v128.load(bias);
  let c01 = v128.load(bias, 16);
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
  let c0 = v128.load(bias);
  let c1 = v128.load(bias, 16);
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

/** Panels as `packRight` makes them from `[rows, n]`, each row times its factor; factor `[rows]`. */
export function scalePanels(packed: usize, factor: usize, scaled: usize, rows: i32, n: i32): void {
  let source = packed;
  let target = scaled;
  for (let column = 0; column < n; column += 8) {
    for (let row = 0; row < rows; row++) {
      const f = v128.load32_splat(factor + <usize>row * FLOAT);
      v128.store(target, f32x4.mul(v128.load(source), f));
      v128.store(target, f32x4.mul(v128.load(source, 16), f), 16);
      source += 32;
      target += 32;
    }
  }
}
