import { countPanels, PANEL_ROW, TILE } from './panel';

/** Bytes of the sums of squares of four rows, two a row. */
const SQUARES: usize = 64;

// What becomes of the 4 x 4 products of two panels.
const ADD = 0;
const ADD_SQUARES = 1;

/** sum + a b, rounded twice, as in JavaScript. */
// @ts-ignore: decorator
@inline
function multiplyAdd(sum: v128, a: v128, b: v128): v128 {
  return f64x2.add(sum, f64x2.mul(a, b));
}

// @ts-ignore: decorator
@inline
function add(out: usize, value: v128): void {
  v128.store(out, f64x2.add(v128.load(out), value));
}

// @ts-ignore: decorator
@inline
function addSquares(out: usize, first: v128, second: v128): void {
  v128.store(out, multiplyAdd(multiplyAdd(v128.load(out), first, first), second, second));
}

/**
 * The products of each column of `left` with each column of `right`, over `length` rows. One row a turn: V8 gathers the
 * loads of a longer body at its start, and then its 15 vector registers do not hold what is in flight.
 */
// @ts-ignore: decorator
@inline
function multiplyPanels(left: usize, right: usize, length: usize, out: usize, finish: i32): void {
  let s00 = f64x2.splat(0), s01 = f64x2.splat(0);
  let s10 = f64x2.splat(0), s11 = f64x2.splat(0);
  let s20 = f64x2.splat(0), s21 = f64x2.splat(0);
  let s30 = f64x2.splat(0), s31 = f64x2.splat(0);
  const end = right + length * PANEL_ROW;
  let a = left;
  for (let b = right; b < end; b += PANEL_ROW) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    s00 = multiplyAdd(s00, v128.load64_splat(a), b0);
    s01 = multiplyAdd(s01, v128.load64_splat(a), b1);
    s10 = multiplyAdd(s10, v128.load64_splat(a, 8), b0);
    s11 = multiplyAdd(s11, v128.load64_splat(a, 8), b1);
    s20 = multiplyAdd(s20, v128.load64_splat(a, 16), b0);
    s21 = multiplyAdd(s21, v128.load64_splat(a, 16), b1);
    s30 = multiplyAdd(s30, v128.load64_splat(a, 24), b0);
    s31 = multiplyAdd(s31, v128.load64_splat(a, 24), b1);
    a += PANEL_ROW;
  }
  if (finish == ADD) {
    add(out, s00);
    add(out + 16, s01);
    add(out + 32, s10);
    add(out + 48, s11);
    add(out + 64, s20);
    add(out + 80, s21);
    add(out + 96, s30);
    add(out + 112, s31);
  } else {
    addSquares(out, s00, s01);
    addSquares(out + 16, s10, s11);
    addSquares(out + 32, s20, s21);
    addSquares(out + 48, s30, s31);
  }
}

/**
 * Adds to `squares` the squares of y_j = sum_k x_k P_kj, those of even and of odd j apart.
 *
 * @param rows centred rows as `packRows` lays them out, `[nGroups, width, 4]`.
 * @param factor the panels of the upper triangular P down to their diagonal, so panel p has 4 (p + 1) rows; zeros
 *   below the diagonal and beyond nCols.
 * @param squares `[4 nGroups, 2]`
 */
export function whitenedSquares(
  rows: usize, nGroups: usize, factor: usize, nCols: usize, squares: usize,
): void {
  const nPanels = countPanels(nCols);
  for (let panel: usize = 1; panel <= nPanels; panel++) {
    const length = min(panel * 4, nCols);
    for (let i: usize = 0; i < nGroups; i++) {
      multiplyPanels(rows + i * nPanels * TILE, factor, length, squares + i * SQUARES, ADD_SQUARES);
    }
    factor += panel * TILE;
  }
}

/**
 * Adds Z^T Z to the tiles of its lower half, row after row of tiles.
 *
 * @param columns the panels of Z as `packColumns` lays them out.
 * @param nRows rows of Z.
 * @param stride bytes from panel to panel.
 * @param tiles `[nPanels (nPanels + 1) / 2, 4, 4]`
 */
export function scatterTiles(
  columns: usize, nPanels: usize, nRows: usize, stride: usize, tiles: usize,
): void {
  for (let i: usize = 0; i < nPanels; i++) {
    for (let j: usize = 0; j <= i; j++) {
      multiplyPanels(columns + i * stride, columns + j * stride, nRows, tiles, ADD);
      tiles += TILE;
    }
  }
}
