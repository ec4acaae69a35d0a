// A dense convolution of an image that has its padding around it, without a copy of the windows: what lies under a line of the
// window is a run of neighbouring values.
import { FLOAT, multiplyAdd, storeLanes } from './simd';

/**
 * c `[nPixels, n]` = the windows of an image x times b, packed by `packRight` with rows `[kernelHeight, runLength]`. The window of
 * output pixel p begins at (p / outWidth) lineStep + (p % outWidth) pixelStep; its lines are lineBytes apart.
 */
export function convolve(
  x: usize,
  b: usize,
  c: usize,
  nPixels: i32,
  outWidth: i32,
  lineBytes: usize,
  lineStep: usize,
  pixelStep: usize,
  kernelHeight: i32,
  runLength: i32,
  n: i32,
): void {
  const cRow = <usize>n * FLOAT;
  const panelBytes = (<usize>kernelHeight * <usize>runLength) << 5;
  let panel = b;
  for (let column = 0; column < n; column += 8) {
    const nColumns = min(n - column, 8);
    let target = c + <usize>column * FLOAT;
    let pixel = 0;
    for (; pixel + 4 <= nPixels; pixel += 4) {
      const a0 = windowOf(x, pixel, outWidth, lineStep, pixelStep);
      const a1 = windowOf(x, pixel + 1, outWidth, lineStep, pixelStep);
      const a2 = windowOf(x, pixel + 2, outWidth, lineStep, pixelStep);
      const a3 = windowOf(x, pixel + 3, outWidth, lineStep, pixelStep);
      multiplyFour(a0, a1, a2, a3, lineBytes, panel, target, cRow, kernelHeight, runLength, nColumns);
      target += 4 * cRow;
    }
    for (; pixel < nPixels; pixel++) {
      const a = windowOf(x, pixel, outWidth, lineStep, pixelStep);
      multiplyOne(a, lineBytes, panel, target, kernelHeight, runLength, nColumns);
      target += cRow;
    }
    panel += panelBytes;
  }
}

// @ts-ignore: decorator
@inline
function windowOf(x: usize, pixel: i32, outWidth: i32, lineStep: usize, pixelStep: usize): usize {
  return x + <usize>(pixel / outWidth) * lineStep + <usize>(pixel % outWidth) * pixelStep;
}

// @ts-ignore: decorator
@inline
function multiplyFour(
  first: usize,
  second: usize,
  third: usize,
  fourth: usize,
  lineBytes: usize,
  panel: usize,
  c: usize,
  cRow: usize,
  kernelHeight: i32,
  runLength: i32,
  nColumns: i32,
): void {
  let a0 = first;
  let a1 = second;
  let a2 = third;
  let a3 = fourth;
  let b = panel;
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const runBytes = <usize>runLength * FLOAT;
  const rest = lineBytes - runBytes;
  for (let line = 0; line < kernelHeight; line++) {
    const end = a0 + runBytes;
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
    a0 += rest;
    a1 += rest;
    a2 += rest;
    a3 += rest;
  }
  storeColumns(c, c00, c01, nColumns);
  storeColumns(c + cRow, c10, c11, nColumns);
  storeColumns(c + 2 * cRow, c20, c21, nColumns);
  storeColumns(c + 3 * cRow, c30, c31, nColumns);
}

// @ts-ignore: decorator
@inline
function multiplyOne(
  window: usize,
  lineBytes: usize,
  panel: usize,
  c: usize,
  kernelHeight: i32,
  runLength: i32,
  nColumns: i32,
): void {
  let a = window;
  let b = panel;
  let c0 = f32x4.splat(0);
  let c1 = c0;
  const runBytes = <usize>runLength * FLOAT;
  for (let line = 0; line < kernelHeight; line++) {
    const end = a + runBytes;
    while (a < end) {
      const s = v128.load32_splat(a);
      c0 = multiplyAdd(s, v128.load(b), c0);
      c1 = multiplyAdd(s, v128.load(b, 16), c1);
      b += 32;
      a += FLOAT;
    }
    a += lineBytes - runBytes;
  }
  storeColumns(c, c0, c1, nColumns);
}

/** Writes the first nColumns of 8. */
// @ts-ignore: decorator
@inline
function storeColumns(c: usize, v0: v128, v1: v128, nColumns: i32): void {
  if (nColumns == 8) {
    v128.store(c, v0);
    v128.store(c, v1, 16);
    return;
  }
  storeLanes(c, v0, min(nColumns, 4));
  if (nColumns > 4) storeLanes(c + 16, v1, nColumns - 4);
}
