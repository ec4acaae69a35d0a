import { Geometry } from './geometry';
import { FLOAT } from './simd';
import { sumTaps, sumTapsOfThree } from './sum-taps';

/** y = the depthwise convolution of one image x; filter `[kernelHeight, kernelWidth, channels]`. */
export function depthwise(x: usize, filter: usize, y: usize, g: Geometry, channels: i32): void {
  const pixel = <isize>channels * FLOAT;
  const inRow = g.inWidth * pixel;
  const filterRow = g.kernelWidth * pixel;
  const step = g.strideWidth * pixel;
  const canGroup = (channels & 7) == 0;
  let target = y;
  for (let row = 0; row < g.outHeight; row++) {
    const top = row * g.strideHeight - g.padTop;
    const firstTap = max(0, -top);
    const nRows = min(g.kernelHeight, g.inHeight - top) - firstTap;
    const source = x + (top + firstTap) * inRow;
    const filterTop = filter + firstTap * filterRow;
    for (let column = 0; column < g.outWidth; ) {
      const left = column * g.strideWidth - g.padLeft;
      const first = max(0, -left);
      const nColumns = min(g.kernelWidth, g.inWidth - left) - first;
      const corner = source + (left + first) * pixel;
      const w = filterTop + first * pixel;
      const lastLeft = left + 2 * g.strideWidth;
      if (canGroup && column + 3 <= g.outWidth && left >= 0 && lastLeft + g.kernelWidth <= g.inWidth) {
        sumTapsOfThree(
          corner, step, w, target, pixel, channels, nRows, nColumns, inRow, pixel, filterRow, pixel,
        );
        column += 3;
        target += 3 * pixel;
      } else {
        sumTaps(corner, w, target, channels, nRows, nColumns, inRow, pixel, filterRow, pixel);
        column++;
        target += pixel;
      }
    }
  }
}

/**
 * dx = the gradient of the depthwise convolution for one image. Input pixel h meets tap i of output pixel (h + pad - i) / stride
 * where that is a whole number: going up a stride in the filter goes down one pixel in dy.
 */
export function depthwiseInputGradient(dy: usize, filter: usize, dx: usize, g: Geometry, channels: i32): void {
  for (let row = 0; row < g.inHeight; row++) {
    const position = row + g.padTop;
    const firstTap = firstTapOf(position, g.outHeight, g.strideHeight);
    const nRows = countTaps(position, firstTap, g.kernelHeight, g.strideHeight);
    const outRow = (position - firstTap) / g.strideHeight;
    const pixel = <isize>channels * FLOAT;
    const source = dy + outRow * g.outWidth * pixel;
    const w = filter + firstTap * g.kernelWidth * pixel;
    for (let phase = 0; phase < g.strideWidth; phase++) {
      gradientOfPhase(source, w, dx + row * g.inWidth * pixel, g, channels, phase, nRows);
    }
  }
}

/** Every stride-th pixel of a row: those that meet the same columns of the filter. */
function gradientOfPhase(
  dy: usize,
  filter: usize,
  dx: usize,
  g: Geometry,
  channels: i32,
  phase: i32,
  nRows: i32,
): void {
  const pixel = <isize>channels * FLOAT;
  const sourceRow = -(g.outWidth * pixel);
  const stride = g.strideWidth;
  const step = stride * pixel;
  const filterRow = g.strideHeight * g.kernelWidth * pixel;
  const canGroup = (channels & 7) == 0;
  for (let column = phase; column < g.inWidth; ) {
    const position = column + g.padLeft;
    const first = firstTapOf(position, g.outWidth, stride);
    const nColumns = countTaps(position, first, g.kernelWidth, stride);
    const source = dy + ((position - first) / stride) * pixel;
    const w = filter + first * pixel;
    const target = dx + column * pixel;
    const last = position + 2 * stride;
    const isAlike =
      firstTapOf(last, g.outWidth, stride) == first && countTaps(last, first, g.kernelWidth, stride) == nColumns;
    if (canGroup && isAlike && column + 2 * stride < g.inWidth) {
      sumTapsOfThree(
        source, pixel, w, target, step, channels, nRows, nColumns, sourceRow, -pixel, filterRow, step,
      );
      column += 3 * stride;
    } else {
      sumTaps(source, w, target, channels, nRows, nColumns, sourceRow, -pixel, filterRow, step);
      column += stride;
    }
  }
}

/** The first tap that meets a pixel of the output, at `position` = input pixel + padding. */
// @ts-ignore: decorator
@inline
function firstTapOf(position: i32, outSize: i32, stride: i32): i32 {
  return max(position % stride, position - (outSize - 1) * stride);
}

/** Taps from the first on, a stride apart, that lie within the filter and meet output pixels from 0 on; may be 0 or less. */
// @ts-ignore: decorator
@inline
function countTaps(position: i32, first: i32, kernelSize: i32, stride: i32): i32 {
  const last = min(kernelSize - 1, position);
  return last < first ? 0 : (last - first) / stride + 1;
}
