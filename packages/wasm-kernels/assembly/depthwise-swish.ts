import { fourPixels31, fourPixels32, fourPixels51, fourPixels52, storeFour } from './four-pixels';
import { FLOAT, loadLanes, multiplyAdd, storeLanes } from './simd';
import { swish } from './swish';

/**
 * y = swish(the depthwise convolution of x + bias), and sums[c] += the sum of y over its pixels. x are lines of pixels
 * with the zeros of the padding in them, lineBytes apart: output line i begins at input line `stride` i. Filter
 * `[ceil(channels / 4), kernelSize, kernelSize, 4]` and bias `[ceil(channels / 4), 4]` are filled up with zeros.
 */
export function depthwiseSwish(
  x: usize,
  filter: usize,
  bias: usize,
  y: usize,
  sums: usize,
  nLines: i32,
  width: i32,
  lineBytes: usize,
  channels: i32,
  kernelSize: i32,
  stride: i32,
): void {
  if (kernelSize == 3 && stride == 1) convolve(x, filter, bias, y, sums, nLines, width, lineBytes, channels, 3, 1);
  else if (kernelSize == 3 && stride == 2) convolve(x, filter, bias, y, sums, nLines, width, lineBytes, channels, 3, 2);
  else if (kernelSize == 5 && stride == 1) convolve(x, filter, bias, y, sums, nLines, width, lineBytes, channels, 5, 1);
  else if (kernelSize == 5 && stride == 2) convolve(x, filter, bias, y, sums, nLines, width, lineBytes, channels, 5, 2);
  else convolve(x, filter, bias, y, sums, nLines, width, lineBytes, channels, kernelSize, stride);
}

// @ts-ignore: decorator
@inline
function convolve(
  x: usize,
  filter: usize,
  bias: usize,
  y: usize,
  sums: usize,
  nLines: i32,
  width: i32,
  lineBytes: usize,
  channels: i32,
  kernelSize: i32,
  stride: i32,
): void {
  const pixel = <usize>channels * FLOAT;
  const step = <usize>stride * pixel;
  // Four pixels at a time, for the sizes that are written out below and whole vectors of channels.
  const nFast = (kernelSize == 3 || kernelSize == 5) && (stride == 1 || stride == 2) ? channels & ~3 : 0;
  const filterBytes = <usize>(kernelSize * kernelSize) << 4;
  let target = y;
  for (let line = 0; line < nLines; line++) {
    let source = x + <usize>(line * stride) * lineBytes;
    let column = 0;
    for (; column + 4 <= width; column += 4) {
      let w = filter;
      for (let i = 0; i < nFast; i += 4) {
        const at = <usize>i * FLOAT;
        if (kernelSize == 3 && stride == 1) fourPixels31(source + at, lineBytes, pixel, w, bias + at, target + at);
        else if (kernelSize == 3) fourPixels32(source + at, lineBytes, pixel, w, bias + at, target + at);
        else if (stride == 1) fourPixels51(source + at, lineBytes, pixel, w, bias + at, target + at);
        else fourPixels52(source + at, lineBytes, pixel, w, bias + at, target + at);
        w += filterBytes;
      }
      for (let p: usize = 0; p < 4; p++) {
        onePixel(source + p * step, lineBytes, pixel, w, bias, target + p * pixel, nFast, channels, kernelSize);
      }
      source += 4 * step;
      target += 4 * pixel;
    }
    for (; column < width; column++) {
      onePixel(source, lineBytes, pixel, filter, bias, target, 0, channels, kernelSize);
      source += step;
      target += pixel;
    }
    activateLine(target - <usize>width * pixel, pixel, width, channels, sums);
  }
}

/** Channels from `first` on. */
// @ts-ignore: decorator
@inline
function onePixel(
  x: usize,
  lineBytes: usize,
  pixel: usize,
  filter: usize,
  bias: usize,
  y: usize,
  first: i32,
  channels: i32,
  kernelSize: i32,
): void {
  let w = filter;
  for (let i = first; i < channels; i += 4) {
    const at = <usize>i * FLOAT;
    const nLanes = min(4, channels - i);
    let sum = v128.load(bias + at);
    let line = x + at;
    for (let row = 0; row < kernelSize; row++) {
      let a = line;
      for (let column = 0; column < kernelSize; column++) {
        sum = multiplyAdd(loadLanes(a, nLanes), v128.load(w), sum);
        a += pixel;
        w += 16;
      }
      line += lineBytes;
    }
    storeLanes(y + at, sum, nLanes);
  }
}

/** x = swish(x) for a line that has just been written, and sums += the sum of its pixels. */
// @ts-ignore: decorator
@inline
function activateLine(x: usize, pixel: usize, width: i32, channels: i32, sums: usize): void {
  let target = x;
  let column = 0;
  for (; column + 4 <= width; column += 4) {
    for (let i = 0; i + 4 <= channels; i += 4) {
      const y = target + <usize>i * FLOAT;
      const a = swish(v128.load(y));
      const b = swish(v128.load(y + pixel));
      const c = swish(v128.load(y + 2 * pixel));
      const d = swish(v128.load(y + 3 * pixel));
      storeFour(y, pixel, a, b, c, d);
      const sum = sums + <usize>i * FLOAT;
      v128.store(sum, f32x4.add(v128.load(sum), f32x4.add(f32x4.add(a, b), f32x4.add(c, d))));
    }
    for (let p: usize = 0; p < 4; p++) activatePixel(target + p * pixel, channels & ~3, channels, sums);
    target += 4 * pixel;
  }
  for (; column < width; column++) {
    activatePixel(target, 0, channels, sums);
    target += pixel;
  }
}

/** Channels from `first` on. */
// @ts-ignore: decorator
@inline
function activatePixel(x: usize, first: i32, channels: i32, sums: usize): void {
  for (let i = first; i < channels; i += 4) {
    const nLanes = min(4, channels - i);
    const at = <usize>i * FLOAT;
    const value = swish(loadLanes(x + at, nLanes));
    storeLanes(x + at, value, nLanes);
    storeLanes(sums + at, f32x4.add(loadLanes(sums + at, nLanes), value), nLanes);
  }
}
