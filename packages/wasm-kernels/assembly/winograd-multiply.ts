// The products of the tiles of assembly/winograd.ts: one for each value of a tile of 6 x 6.
import { multiply } from './multiply';
import { multiplyTransposed } from './multiply-transposed';

const N_PLANES: usize = 36;

/** `multiply` of each of the 36 pairs of matrices, which are aBytes, bBytes and cBytes apart. */
export function winogradMultiply(
  a: usize,
  aBytes: usize,
  b: usize,
  bBytes: usize,
  c: usize,
  cBytes: usize,
  m: i32,
  k: i32,
  n: i32,
): void {
  for (let plane: usize = 0; plane < N_PLANES; plane++) {
    multiply(a + plane * aBytes, b + plane * bBytes, c + plane * cBytes, m, k, n);
  }
}

/** `multiplyTransposed` of each of the 36 pairs of matrices. */
export function winogradMultiplyTransposed(
  a: usize,
  aBytes: usize,
  b: usize,
  bBytes: usize,
  c: usize,
  cBytes: usize,
  rows: i32,
  k: i32,
  n: i32,
): void {
  for (let plane: usize = 0; plane < N_PLANES; plane++) {
    multiplyTransposed(a + plane * aBytes, b + plane * bBytes, c + plane * cBytes, rows, k, n);
  }
}
