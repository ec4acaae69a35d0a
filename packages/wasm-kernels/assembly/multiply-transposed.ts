import { FLOAT, loadLanes, multiplyAdd, storeLanes } from './simd';

/**
 * c += transpose(a) b, the product of a weight gradient: a `[rows, k]` packed by `packLeft`, b `[rows, n]` packed by
 * `packRight`, c `[k, n]` row-major. Sums of at most `rows` products are added to c, so that blocks of rows keep
 * float32 chains short.
 */
export function multiplyTransposed(a: usize, b: usize, c: usize, rows: i32, k: i32, n: i32): void {
  const cRow = <usize>n * FLOAT;
  const panelLength = <usize>rows * FLOAT;
  for (let column = 0; column < n; column += 8) {
    const nColumns = min(n - column, 8);
    const panel = b + <usize>column * panelLength;
    for (let row = 0; row < k; row += 4) {
      const target = c + <usize>row * cRow + <usize>column * FLOAT;
      multiplyPanels(a + <usize>row * panelLength, panel, target, cRow, rows, min(k - row, 4), nColumns);
    }
  }
}

// @ts-ignore: decorator
@inline
function multiplyPanels(
  left: usize,
  right: usize,
  c: usize,
  cRow: usize,
  rows: i32,
  nRows: i32,
  nColumns: i32,
): void {
  let a = left;
  let b = right;
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const end = a + (<usize>rows << 4);
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let s = v128.load32_splat(a);
    c00 = multiplyAdd(s, b0, c00);
    c01 = multiplyAdd(s, b1, c01);
    s = v128.load32_splat(a, 4);
    c10 = multiplyAdd(s, b0, c10);
    c11 = multiplyAdd(s, b1, c11);
    s = v128.load32_splat(a, 8);
    c20 = multiplyAdd(s, b0, c20);
    c21 = multiplyAdd(s, b1, c21);
    s = v128.load32_splat(a, 12);
    c30 = multiplyAdd(s, b0, c30);
    c31 = multiplyAdd(s, b1, c31);
    a += 16;
    b += 32;
  }
  addRow(c, c00, c01, nColumns);
  if (nRows > 1) addRow(c + cRow, c10, c11, nColumns);
  if (nRows > 2) addRow(c + 2 * cRow, c20, c21, nColumns);
  if (nRows > 3) addRow(c + 3 * cRow, c30, c31, nColumns);
}

/** Adds to the first nColumns of 8. */
// @ts-ignore: decorator
@inline
function addRow(c: usize, v0: v128, v1: v128, nColumns: i32): void {
  if (nColumns == 8) {
    v128.store(c, f32x4.add(v128.load(c), v0));
    v128.store(c, f32x4.add(v128.load(c, 16), v1), 16);
  } else {
    addLanes(c, v0, min(nColumns, 4));
    if (nColumns > 4) addLanes(c + 16, v1, nColumns - 4);
  }
}

// @ts-ignore: decorator
@inline
function addLanes(c: usize, value: v128, nLanes: i32): void {
  storeLanes(c, f32x4.add(loadLanes(c, nLanes), value), nLanes);
}
