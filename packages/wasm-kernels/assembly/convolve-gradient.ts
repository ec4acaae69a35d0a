// The gradient of a dense convolution for its filter, from an image that has its padding around it, without copies of its windows
// and in the order in which the values lie.
import { FLOAT, multiplyAdd } from './simd';

/**
 * dFilter `[kernelHeight, runLength, n]` += the sum over pixels of window times dy for `nLines` lines of `outWidth` output pixels;
 * dy `[nLines, outWidth, n]`, n a multiple of 8. The windows lie in x as `convolve` reads them. Up to three values behind the
 * last window are read and not used.
 */
export function convolveGradient(
  x: usize,
  dy: usize,
  dFilter: usize,
  nLines: i32,
  outWidth: i32,
  lineBytes: usize,
  lineStep: usize,
  pixelStep: usize,
  kernelHeight: i32,
  runLength: i32,
  n: i32,
): void {
  const cRow = <usize>n * FLOAT;
  let target = dFilter;
  for (let line = 0; line < kernelHeight; line++) {
    for (let i = 0; i < runLength; i += 4) {
      const source = x + <usize>line * lineBytes + <usize>i * FLOAT;
      const nRows = min(runLength - i, 4);
      for (let column: usize = 0; column < cRow; column += 32) {
        addProducts(source, dy + column, target + column, nLines, outWidth, lineStep, pixelStep, cRow, nRows);
      }
      target += <usize>nRows * cRow;
    }
  }
}

// @ts-ignore: decorator
@inline
function addProducts(
  x: usize,
  dy: usize,
  c: usize,
  nLines: i32,
  outWidth: i32,
  lineStep: usize,
  pixelStep: usize,
  cRow: usize,
  nRows: i32,
): void {
  let b = dy;
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const width = <usize>outWidth * pixelStep;
  for (let line = 0; line < nLines; line++) {
    let a = x + <usize>line * lineStep;
    const end = a + width;
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
      a += pixelStep;
      b += cRow;
    }
  }
  addRow(c, c00, c01);
  if (nRows > 1) addRow(c + cRow, c10, c11);
  if (nRows > 2) addRow(c + 2 * cRow, c20, c21);
  if (nRows > 3) addRow(c + 3 * cRow, c30, c31);
}

// @ts-ignore: decorator
@inline
function addRow(c: usize, v0: v128, v1: v128): void {
  v128.store(c, f32x4.add(v128.load(c), v0));
  v128.store(c, f32x4.add(v128.load(c, 16), v1), 16);
}
