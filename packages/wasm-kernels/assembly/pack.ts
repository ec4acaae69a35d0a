// Matrices in the order in which the products read them: panels of 8 or 4 columns, row after row, the last panel filled
// up with zeros. [rows, n] becomes [ceil(n / 8), rows, 8].
import { FLOAT, loadLanes } from './simd';

/** Packs b `[rows, n]`, row-major, into panels of 8 columns. */
export function packRight(b: usize, packed: usize, rows: i32, n: i32): void {
  const rowBytes = <usize>n * FLOAT;
  let target = packed;
  for (let column = 0; column < n; column += 8) {
    const nLeft = n - column;
    let source = b + <usize>column * FLOAT;
    for (let row = 0; row < rows; row++) {
      if (nLeft >= 8) {
        v128.store(target, v128.load(source));
        v128.store(target, v128.load(source, 16), 16);
      } else {
        v128.store(target, loadLanes(source, min(nLeft, 4)));
        v128.store(target, nLeft > 4 ? loadLanes(source + 16, nLeft - 4) : f32x4.splat(0), 16);
      }
      source += rowBytes;
      target += 32;
    }
  }
}

/** Packs transpose(b) for b `[n, rows]`, row-major, into panels of 8 columns. */
export function packRightTransposed(b: usize, packed: usize, rows: i32, n: i32): void {
  const rowBytes = <usize>rows * FLOAT;
  let target = packed;
  for (let column = 0; column < n; column += 8) {
    const nColumns = min(n - column, 8);
    for (let row = 0; row < rows; row++) {
      let source = b + <usize>column * rowBytes + <usize>row * FLOAT;
      for (let i = 0; i < 8; i++) {
        store<f32>(target + <usize>i * FLOAT, i < nColumns ? load<f32>(source) : 0);
        if (i + 1 < nColumns) source += rowBytes;
      }
      target += 32;
    }
  }
}

/** Packs x `[rows, n]`, row-major, into panels of 4 columns. */
export function packLeft(x: usize, packed: usize, rows: i32, n: i32): void {
  const rowBytes = <usize>n * FLOAT;
  let target = packed;
  for (let column = 0; column < n; column += 4) {
    const nColumns = min(n - column, 4);
    let source = x + <usize>column * FLOAT;
    for (let row = 0; row < rows; row++) {
      v128.store(target, loadLanes(source, nColumns));
      source += rowBytes;
      target += 16;
    }
  }
}
