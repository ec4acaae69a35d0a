// Dense convolutions as matrix products: a row for each output pixel with the input values under its window.
import { Geometry } from './geometry';
import { FLOAT } from './simd';

/** Writes rows `[nPixels, kernelHeight, kernelWidth, channels]` of one image, from output pixel `first` on. */
export function unfold(x: usize, patches: usize, g: Geometry, channels: i32, first: i32, nPixels: i32): void {
  const pixel = <isize>channels * FLOAT;
  const windowRow = g.kernelWidth * pixel;
  let target = patches;
  for (let index = first; index < first + nPixels; index++) {
    const top = (index / g.outWidth) * g.strideHeight - g.padTop;
    const left = (index % g.outWidth) * g.strideWidth - g.padLeft;
    const begin = min(g.kernelWidth, max(0, -left));
    const end = max(begin, min(g.kernelWidth, g.inWidth - left));
    for (let tap = 0; tap < g.kernelHeight; tap++) {
      const row = top + tap;
      const isInside = row >= 0 && row < g.inHeight;
      const from = isInside ? begin * pixel : windowRow;
      const to = isInside ? end * pixel : windowRow;
      const source = x + (row * g.inWidth + left) * pixel;
      clear(target, from);
      copy(target + from, source + from, to - from);
      clear(target + to, windowRow - to);
      target += windowRow;
    }
  }
}

/** Adds rows as `unfold` makes them back to the pixels that they came from. */
export function fold(patches: usize, x: usize, g: Geometry, channels: i32, first: i32, nPixels: i32): void {
  const pixel = <isize>channels * FLOAT;
  const windowRow = g.kernelWidth * pixel;
  let source = patches;
  for (let index = first; index < first + nPixels; index++) {
    const top = (index / g.outWidth) * g.strideHeight - g.padTop;
    const left = (index % g.outWidth) * g.strideWidth - g.padLeft;
    const begin = min(g.kernelWidth, max(0, -left));
    const end = max(begin, min(g.kernelWidth, g.inWidth - left));
    for (let tap = 0; tap < g.kernelHeight; tap++) {
      const row = top + tap;
      if (row >= 0 && row < g.inHeight) {
        const target = x + (row * g.inWidth + left) * pixel;
        add(target + begin * pixel, source + begin * pixel, (end - begin) * pixel);
      }
      source += windowRow;
    }
  }
}

// Runs are short (three floats for a first layer), so that a loop is quicker than a call of memory.copy.

// @ts-ignore: decorator
@inline
function clear(target: usize, nBytes: isize): void {
  for (let i: usize = 0; i < <usize>nBytes; i += FLOAT) store<f32>(target + i, 0);
}

// @ts-ignore: decorator
@inline
function copy(target: usize, source: usize, nBytes: isize): void {
  const whole = <usize>nBytes & ~15;
  let i: usize = 0;
  for (; i < whole; i += 16) v128.store(target + i, v128.load(source + i));
  for (; i < <usize>nBytes; i += FLOAT) store<f32>(target + i, load<f32>(source + i));
}

// @ts-ignore: decorator
@inline
function add(target: usize, source: usize, nBytes: isize): void {
  const whole = <usize>nBytes & ~15;
  let i: usize = 0;
  for (; i < whole; i += 16) {
    v128.store(target + i, f32x4.add(v128.load(target + i), v128.load(source + i)));
  }
  for (; i < <usize>nBytes; i += FLOAT) {
    store<f32>(target + i, load<f32>(target + i) + load<f32>(source + i));
  }
}
