import { Geometry } from './geometry';
import { FLOAT, loadLanes, multiplyAdd, storeLanes } from './simd';

/**
 * dFilter += the gradient of the depthwise convolution for its filter, from one image. For each row of the output and
 * each tap: the products of dy with the input pixels that the tap meets, summed along the row.
 */
export function depthwiseFilterGradient(x: usize, dy: usize, dFilter: usize, g: Geometry, channels: i32): void {
  const pixel = <isize>channels * FLOAT;
  for (let row = 0; row < g.outHeight; row++) {
    const top = row * g.strideHeight - g.padTop;
    const end = min(g.kernelHeight, g.inHeight - top);
    for (let tap = max(0, -top); tap < end; tap++) {
      const source = x + (top + tap) * g.inWidth * pixel;
      const gradient = dy + row * g.outWidth * pixel;
      addRowOfTaps(source, gradient, dFilter + tap * g.kernelWidth * pixel, g, channels);
    }
  }
}

function addRowOfTaps(x: usize, dy: usize, dFilter: usize, g: Geometry, channels: i32): void {
  const pixel = <isize>channels * FLOAT;
  const stride = g.strideWidth;
  for (let tap = 0; tap < g.kernelWidth; tap++) {
    // Output pixels whose window has this tap within the input.
    const offset = tap - g.padLeft;
    const first = offset >= 0 ? 0 : (stride - 1 - offset) / stride;
    const end = min(g.outWidth, g.inWidth > offset ? (g.inWidth - 1 - offset) / stride + 1 : 0);
    if (first >= end) continue;
    const source = x + (first * stride + offset) * pixel;
    addTap(source, stride * pixel, dy + first * pixel, dFilter + tap * pixel, channels, end - first);
  }
}

/** dFilter[c] += the sum over n pixels of x[c] dy[c]. */
function addTap(x: usize, xStep: isize, dy: usize, dFilter: usize, channels: i32, n: i32): void {
  const pixel = <usize>channels * FLOAT;
  let i = 0;
  for (; i + 16 <= channels; i += 16) {
    const offset = <usize>i * FLOAT;
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let source = x + offset;
    let gradient = dy + offset;
    for (let k = 0; k < n; k++) {
      a = multiplyAdd(v128.load(source), v128.load(gradient), a);
      b = multiplyAdd(v128.load(source, 16), v128.load(gradient, 16), b);
      c = multiplyAdd(v128.load(source, 32), v128.load(gradient, 32), c);
      d = multiplyAdd(v128.load(source, 48), v128.load(gradient, 48), d);
      source += xStep;
      gradient += pixel;
    }
    const sum = dFilter + offset;
    v128.store(sum, f32x4.add(v128.load(sum), a));
    v128.store(sum, f32x4.add(v128.load(sum, 16), b), 16);
    v128.store(sum, f32x4.add(v128.load(sum, 32), c), 32);
    v128.store(sum, f32x4.add(v128.load(sum, 48), d), 48);
  }
  for (; i < channels; i += 4) {
    const offset = <usize>i * FLOAT;
    const nLanes = min(4, channels - i);
    let a = loadLanes(dFilter + offset, nLanes);
    let source = x + offset;
    let gradient = dy + offset;
    for (let k = 0; k < n; k++) {
      a = multiplyAdd(loadLanes(source, nLanes), loadLanes(gradient, nLanes), a);
      source += xStep;
      gradient += pixel;
    }
    storeLanes(dFilter + offset, a, nLanes);
  }
}
