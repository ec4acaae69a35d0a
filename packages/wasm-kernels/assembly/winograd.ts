// Convolutions of 3 x 3 without a stride by minimal filtering, F(4 x 4, 3 x 3) of Lavin and Gray, "Fast Algorithms for
// Convolutional Neural Networks" (CVPR 2016): a tile of 4 x 4 output pixels is
//
//   Y = A' [ (G g G') * (B' d B) ] A
//
// with the 6 x 6 input pixels d under it and the filter g. The products * are value by value, so that those of all tiles and
// channels are 36 products of matrices, with a quarter of the multiply-adds of the windows. Its points are 0, a, -a, b, -b
// and infinity with a = sqrt(1/2), b = sqrt(2) instead of the paper's 1 and 2: a sum in float32 then errs about twice
// as much as that of the windows, and not four times.
//
// The gradient for the filter is that of the formula: G' [ sum over tiles (B' d B) * (A dY A') ] G.
import { FLOAT, multiplyAdd } from './simd';

const A: f32 = 0.70710678118654752;
const B: f32 = 1.4142135623730951;

/** Divisors of the rows of G at the points a and b: 2 a^2 (a^2 - b^2) and 2 b^2 (b^2 - a^2). */
const N_A: f32 = -1.5;
const N_B: f32 = 6;

/** a^2 = 1/2, b^2 = 2 and a^2 + b^2. */
const HALF: f32 = 0.5;
const TWO: f32 = 2;
const SUM: f32 = 2.5;

/** B' of six values, stored `step` apart. */
// @ts-ignore: decorator
@inline
function storeInput(target: usize, step: usize, d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128): void {
  const even = multiplyAdd(f32x4.splat(-TWO), d2, d4);
  const odd = multiplyAdd(f32x4.splat(-TWO), d1, d3);
  const even2 = multiplyAdd(f32x4.splat(-HALF), d2, d4);
  const odd2 = multiplyAdd(f32x4.splat(-HALF), d1, d3);
  v128.store(target, multiplyAdd(f32x4.splat(-SUM), d2, f32x4.add(d0, d4)));
  v128.store(target + step, multiplyAdd(f32x4.splat(A), odd, even));
  v128.store(target + 2 * step, multiplyAdd(f32x4.splat(-A), odd, even));
  v128.store(target + 3 * step, multiplyAdd(f32x4.splat(B), odd2, even2));
  v128.store(target + 4 * step, multiplyAdd(f32x4.splat(-B), odd2, even2));
  v128.store(target + 5 * step, multiplyAdd(f32x4.splat(-SUM), d3, f32x4.add(d1, d5)));
}

/** A of four values. */
// @ts-ignore: decorator
@inline
function storeGradient(target: usize, step: usize, d0: v128, d1: v128, d2: v128, d3: v128): void {
  const even = multiplyAdd(f32x4.splat(HALF), d2, d0);
  const odd = multiplyAdd(f32x4.splat(HALF), d3, d1);
  const even2 = multiplyAdd(f32x4.splat(TWO), d2, d0);
  const odd2 = multiplyAdd(f32x4.splat(TWO), d3, d1);
  v128.store(target, d0);
  v128.store(target + step, multiplyAdd(f32x4.splat(A), odd, even));
  v128.store(target + 2 * step, multiplyAdd(f32x4.splat(-A), odd, even));
  v128.store(target + 3 * step, multiplyAdd(f32x4.splat(B), odd2, even2));
  v128.store(target + 4 * step, multiplyAdd(f32x4.splat(-B), odd2, even2));
  v128.store(target + 5 * step, d3);
}

/** G of three values. */
// @ts-ignore: decorator
@inline
function storeFilter(target: usize, step: usize, g0: v128, g1: v128, g2: v128): void {
  const even = f32x4.mul(f32x4.splat(1 / N_A), multiplyAdd(f32x4.splat(HALF), g2, g0));
  const even2 = f32x4.mul(f32x4.splat(1 / N_B), multiplyAdd(f32x4.splat(TWO), g2, g0));
  v128.store(target, g0);
  v128.store(target + step, multiplyAdd(f32x4.splat(A / N_A), g1, even));
  v128.store(target + 2 * step, multiplyAdd(f32x4.splat(-A / N_A), g1, even));
  v128.store(target + 3 * step, multiplyAdd(f32x4.splat(B / N_B), g1, even2));
  v128.store(target + 4 * step, multiplyAdd(f32x4.splat(-B / N_B), g1, even2));
  v128.store(target + 5 * step, g2);
}

/** A' of the six values that stand `step` apart, the first `n` of four, stored `targetStep` apart. */
// @ts-ignore: decorator
@inline
function storeOutput(source: usize, step: usize, target: usize, targetStep: usize, n: i32): void {
  const m1 = v128.load(source + step);
  const m2 = v128.load(source + 2 * step);
  const m3 = v128.load(source + 3 * step);
  const m4 = v128.load(source + 4 * step);
  const even = f32x4.add(m1, m2);
  const odd = f32x4.sub(m1, m2);
  const even2 = f32x4.add(m3, m4);
  const odd2 = f32x4.sub(m3, m4);
  v128.store(target, f32x4.add(v128.load(source), f32x4.add(even, even2)));
  if (n < 2) return;
  v128.store(target + targetStep, multiplyAdd(f32x4.splat(B), odd2, f32x4.mul(f32x4.splat(A), odd)));
  if (n < 3) return;
  v128.store(target + 2 * targetStep, multiplyAdd(f32x4.splat(TWO), even2, f32x4.mul(f32x4.splat(HALF), even)));
  if (n < 4) return;
  const last = multiplyAdd(f32x4.splat(A * HALF), odd, v128.load(source + 5 * step));
  v128.store(target + 3 * targetStep, multiplyAdd(f32x4.splat(B * TWO), odd2, last));
}

/** G' of the six values that stand `step` apart. */
// @ts-ignore: decorator
@inline
function storeFilterGradient(source: usize, step: usize, target: usize, targetStep: usize): void {
  const u1 = v128.load(source + step);
  const u2 = v128.load(source + 2 * step);
  const u3 = v128.load(source + 3 * step);
  const u4 = v128.load(source + 4 * step);
  const even = f32x4.mul(f32x4.splat(1 / N_A), f32x4.add(u1, u2));
  const odd = f32x4.mul(f32x4.splat(A / N_A), f32x4.sub(u1, u2));
  const even2 = f32x4.mul(f32x4.splat(1 / N_B), f32x4.add(u3, u4));
  v128.store(target, f32x4.add(v128.load(source), f32x4.add(even, even2)));
  v128.store(target + targetStep, multiplyAdd(f32x4.splat(B / N_B), f32x4.sub(u3, u4), odd));
  const last = multiplyAdd(f32x4.splat(HALF), even, v128.load(source + 5 * step));
  v128.store(target + 2 * targetStep, multiplyAdd(f32x4.splat(TWO), even2, last));
}

/**
 * B' d B of `count` tiles of an image from tile `first` on: 36 matrices of tiles and channels, planeBytes apart. A value of
 * channel c of the i-th tile lies at (c / 8) octetBytes + (c / 4 % 2) quadBytes + i tileBytes + 4 (c % 4), so that they are
 * row-major or packed as the products want them. x has its padding around it, and all that lies under its tiles.
 *
 * @param buffer 576 bytes
 */
export function winogradInput(
  x: usize,
  lineBytes: usize,
  tileColumns: i32,
  first: i32,
  count: i32,
  channels: i32,
  target: usize,
  planeBytes: usize,
  octetBytes: usize,
  quadBytes: usize,
  tileBytes: usize,
  buffer: usize,
): void {
  const pixel = <usize>channels * FLOAT;
  for (let i = 0; i < count; i++) {
    const tile = first + i;
    let source = x + <usize>(tile / tileColumns) * 4 * lineBytes + <usize>(tile % tileColumns) * 4 * pixel;
    let octet = target + <usize>i * tileBytes;
    for (let channel = 0; channel < channels; channel += 4) {
      let d = source;
      for (let column: usize = 0; column < 96; column += 16) {
        storeInput(
          buffer + column,
          96,
          v128.load(d),
          v128.load(d + lineBytes),
          v128.load(d + 2 * lineBytes),
          v128.load(d + 3 * lineBytes),
          v128.load(d + 4 * lineBytes),
          v128.load(d + 5 * lineBytes),
        );
        d += pixel;
      }
      let plane = channel & 4 ? octet + quadBytes : octet;
      for (let line = buffer; line < buffer + 576; line += 96) {
        storeInput(
          plane,
          planeBytes,
          v128.load(line),
          v128.load(line, 16),
          v128.load(line, 32),
          v128.load(line, 48),
          v128.load(line, 64),
          v128.load(line, 80),
        );
        plane += 6 * planeBytes;
      }
      source += 16;
      if (channel & 4) octet += octetBytes;
    }
  }
}

/** A dY A' of tiles, laid out as `winogradInput` does. dy has zeros where its last tiles reach beyond it. */
export function winogradGradient(
  dy: usize,
  lineBytes: usize,
  tileColumns: i32,
  first: i32,
  count: i32,
  channels: i32,
  target: usize,
  planeBytes: usize,
  octetBytes: usize,
  quadBytes: usize,
  tileBytes: usize,
  buffer: usize,
): void {
  const pixel = <usize>channels * FLOAT;
  for (let i = 0; i < count; i++) {
    const tile = first + i;
    let source = dy + <usize>(tile / tileColumns) * 4 * lineBytes + <usize>(tile % tileColumns) * 4 * pixel;
    let octet = target + <usize>i * tileBytes;
    for (let channel = 0; channel < channels; channel += 4) {
      let d = source;
      for (let column: usize = 0; column < 64; column += 16) {
        storeGradient(
          buffer + column,
          64,
          v128.load(d),
          v128.load(d + lineBytes),
          v128.load(d + 2 * lineBytes),
          v128.load(d + 3 * lineBytes),
        );
        d += pixel;
      }
      let plane = channel & 4 ? octet + quadBytes : octet;
      for (let line = buffer; line < buffer + 384; line += 64) {
        storeGradient(
          plane,
          planeBytes,
          v128.load(line),
          v128.load(line, 16),
          v128.load(line, 32),
          v128.load(line, 48),
        );
        plane += 6 * planeBytes;
      }
      source += 16;
      if (channel & 4) octet += octetBytes;
    }
  }
}

/** Y of tiles from 36 row-major matrices `[count, channels]`: the pixels of y `[height, width, channels]` that lie in them. */
export function winogradOutput(
  products: usize,
  planeBytes: usize,
  tileColumns: i32,
  first: i32,
  count: i32,
  channels: i32,
  y: usize,
  height: i32,
  width: i32,
  buffer: usize,
): void {
  const pixel = <usize>channels * FLOAT;
  const lineBytes = <usize>width * pixel;
  for (let i = 0; i < count; i++) {
    const top = ((first + i) / tileColumns) * 4;
    const left = ((first + i) % tileColumns) * 4;
    const nColumns = min(4, width - left);
    const end = buffer + <usize>min(4, height - top) * 96;
    let source = products + <usize>i * pixel;
    let corner = y + <usize>top * lineBytes + <usize>left * pixel;
    for (let channel = 0; channel < channels; channel += 4) {
      let m = source;
      for (let column: usize = 0; column < 96; column += 16) {
        storeOutput(m, 6 * planeBytes, buffer + column, 96, 4);
        m += planeBytes;
      }
      let target = corner;
      for (let line = buffer; line < end; line += 96) {
        if (nColumns == 4) storeOutput(line, 16, target, pixel, 4);
        else storeOutput(line, 16, target, pixel, nColumns);
        target += lineBytes;
      }
      source += 16;
      corner += 16;
    }
  }
}

/** G g G' of filters `[3, 3, nIn, nOut]`: 36 matrices `[nIn, nOut]`, each packed as by `packRight`; both multiples of 8. */
export function winogradFilter(
  filter: usize,
  target: usize,
  planeBytes: usize,
  nIn: i32,
  nOut: i32,
  buffer: usize,
): void {
  const tap = <usize>nIn * <usize>nOut * FLOAT;
  let panel = target;
  for (let column: usize = 0; column < <usize>nOut * FLOAT; column += 32) {
    for (let row = 0; row < nIn; row++) {
      const g = filter + <usize>row * <usize>nOut * FLOAT + column;
      transformFilter(g, tap, panel, planeBytes, buffer);
      transformFilter(g + 16, tap, panel + 16, planeBytes, buffer);
      panel += 32;
    }
  }
}

// @ts-ignore: decorator
@inline
function transformFilter(g: usize, tap: usize, target: usize, planeBytes: usize, buffer: usize): void {
  for (let i: usize = 0; i < 3; i++) {
    const top = g + i * tap;
    storeFilter(buffer + i * 16, 48, v128.load(top), v128.load(top + 3 * tap), v128.load(top + 6 * tap));
  }
  let plane = target;
  for (let line = buffer; line < buffer + 288; line += 48) {
    storeFilter(plane, planeBytes, v128.load(line), v128.load(line, 16), v128.load(line, 32));
    plane += 6 * planeBytes;
  }
}

/** The gradient for filters `[3, 3, nIn, nOut]` from that for G g G': 36 row-major matrices, size nIn nOut a multiple of 4. */
export function winogradFilterGradient(
  gradient: usize,
  planeBytes: usize,
  dFilter: usize,
  size: i32,
  buffer: usize,
): void {
  const tap = <usize>size * FLOAT;
  for (let at: usize = 0; at < tap; at += 16) {
    let u = gradient + at;
    for (let column: usize = 0; column < 96; column += 16) {
      storeFilterGradient(u, 6 * planeBytes, buffer + column, 96);
      u += planeBytes;
    }
    let target = dFilter + at;
    for (let line = buffer; line < buffer + 288; line += 96) {
      storeFilterGradient(line, 16, target, tap);
      target += 3 * tap;
    }
  }
}
