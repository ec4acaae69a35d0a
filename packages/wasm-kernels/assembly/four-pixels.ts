import { multiplyAdd } from './simd';

// Depthwise convolution of four neighbouring pixels of a line and four channels, written out for each filter size and
// stride: a column of the input is loaded once for all windows that it lies in.

// @ts-ignore: decorator
@inline
export function storeFour(y: usize, pixel: usize, y0: v128, y1: v128, y2: v128, y3: v128): void {
  v128.store(y, y0);
  v128.store(y + pixel, y1);
  v128.store(y + 2 * pixel, y2);
  v128.store(y + 3 * pixel, y3);
}

/** 3 x 3, stride 1: 6 pixels of a line give four. */
// @ts-ignore: decorator
@inline
export function fourPixels31(x: usize, lineBytes: usize, pixel: usize, w: usize, bias: usize, y: usize): void {
  let y0 = v128.load(bias);
  let y1 = y0;
  let y2 = y0;
  let y3 = y0;
  let line = x;
  const end = w + 144;
  for (let f = w; f < end; f += 48) {
    const w0 = v128.load(f);
    const w1 = v128.load(f, 16);
    const w2 = v128.load(f, 32);
    let a = line;
    let value = v128.load(a);
    let s0 = f32x4.mul(value, w0);
    a += pixel;
    value = v128.load(a);
    s0 = multiplyAdd(value, w1, s0);
    let s1 = f32x4.mul(value, w0);
    a += pixel;
    value = v128.load(a);
    s0 = multiplyAdd(value, w2, s0);
    s1 = multiplyAdd(value, w1, s1);
    let s2 = f32x4.mul(value, w0);
    a += pixel;
    value = v128.load(a);
    s1 = multiplyAdd(value, w2, s1);
    s2 = multiplyAdd(value, w1, s2);
    let s3 = f32x4.mul(value, w0);
    a += pixel;
    value = v128.load(a);
    s2 = multiplyAdd(value, w2, s2);
    s3 = multiplyAdd(value, w1, s3);
    a += pixel;
    value = v128.load(a);
    s3 = multiplyAdd(value, w2, s3);
    y0 = f32x4.add(y0, s0);
    y1 = f32x4.add(y1, s1);
    y2 = f32x4.add(y2, s2);
    y3 = f32x4.add(y3, s3);
    line += lineBytes;
  }
  storeFour(y, pixel, y0, y1, y2, y3);
}

/** 3 x 3, stride 2: 9 pixels of a line give four. */
// @ts-ignore: decorator
@inline
export function fourPixels32(x: usize, lineBytes: usize, pixel: usize, w: usize, bias: usize, y: usize): void {
  let y0 = v128.load(bias);
  let y1 = y0;
  let y2 = y0;
  let y3 = y0;
  let line = x;
  const end = w + 144;
  for (let f = w; f < end; f += 48) {
    const w0 = v128.load(f);
    const w1 = v128.load(f, 16);
    const w2 = v128.load(f, 32);
    let a = line;
    let value = v128.load(a);
    let s0 = f32x4.mul(value, w0);
    a += pixel;
    value = v128.load(a);
    s0 = multiplyAdd(value, w1, s0);
    a += pixel;
    value = v128.load(a);
    s0 = multiplyAdd(value, w2, s0);
    let s1 = f32x4.mul(value, w0);
    a += pixel;
    value = v128.load(a);
    s1 = multiplyAdd(value, w1, s1);
    a += pixel;
    value = v128.load(a);
    s1 = multiplyAdd(value, w2, s1);
    let s2 = f32x4.mul(value, w0);
    a += pixel;
    value = v128.load(a);
    s2 = multiplyAdd(value, w1, s2);
    a += pixel;
    value = v128.load(a);
    s2 = multiplyAdd(value, w2, s2);
    let s3 = f32x4.mul(value, w0);
    a += pixel;
    value = v128.load(a);
    s3 = multiplyAdd(value, w1, s3);
    a += pixel;
    value = v128.load(a);
    s3 = multiplyAdd(value, w2, s3);
    y0 = f32x4.add(y0, s0);
    y1 = f32x4.add(y1, s1);
    y2 = f32x4.add(y2, s2);
    y3 = f32x4.add(y3, s3);
    line += lineBytes;
  }
  storeFour(y, pixel, y0, y1, y2, y3);
}

/** 5 x 5, stride 1: 8 pixels of a line give four. */
// @ts-ignore: decorator
@inline
export function fourPixels51(x: usize, lineBytes: usize, pixel: usize, w: usize, bias: usize, y: usize): void {
  let y0 = v128.load(bias);
  let y1 = y0;
  let y2 = y0;
  let y3 = y0;
  let line = x;
  const end = w + 400;
  for (let f = w; f < end; f += 80) {
    const w0 = v128.load(f);
    const w1 = v128.load(f, 16);
    const w2 = v128.load(f, 32);
    const w3 = v128.load(f, 48);
    const w4 = v128.load(f, 64);
    let a = line;
    let value = v128.load(a);
    let s0 = f32x4.mul(value, w0);
    a += pixel;
    value = v128.load(a);
    s0 = multiplyAdd(value, w1, s0);
    let s1 = f32x4.mul(value, w0);
    a += pixel;
    value = v128.load(a);
    s0 = multiplyAdd(value, w2, s0);
    s1 = multiplyAdd(value, w1, s1);
    let s2 = f32x4.mul(value, w0);
    a += pixel;
    value = v128.load(a);
    s0 = multiplyAdd(value, w3, s0);
    s1 = multiplyAdd(value, w2, s1);
    s2 = multiplyAdd(value, w1, s2);
    let s3 = f32x4.mul(value, w0);
    a += pixel;
    value = v128.load(a);
    s0 = multiplyAdd(value, w4, s0);
    s1 = multiplyAdd(value, w3, s1);
    s2 = multiplyAdd(value, w2, s2);
    s3 = multiplyAdd(value, w1, s3);
    a += pixel;
    value = v128.load(a);
    s1 = multiplyAdd(value, w4, s1);
    s2 = multiplyAdd(value, w3, s2);
    s3 = multiplyAdd(value, w2, s3);
    a += pixel;
    value = v128.load(a);
    s2 = multiplyAdd(value, w4, s2);
    s3 = multiplyAdd(value, w3, s3);
    a += pixel;
    value = v128.load(a);
    s3 = multiplyAdd(value, w4, s3);
    y0 = f32x4.add(y0, s0);
    y1 = f32x4.add(y1, s1);
    y2 = f32x4.add(y2, s2);
    y3 = f32x4.add(y3, s3);
    line += lineBytes;
  }
  storeFour(y, pixel, y0, y1, y2, y3);
}

/** 5 x 5, stride 2: 11 pixels of a line give four. */
// @ts-ignore: decorator
@inline
export function fourPixels52(x: usize, lineBytes: usize, pixel: usize, w: usize, bias: usize, y: usize): void {
  let y0 = v128.load(bias);
  let y1 = y0;
  let y2 = y0;
  let y3 = y0;
  let line = x;
  const end = w + 400;
  for (let f = w; f < end; f += 80) {
    const w0 = v128.load(f);
    const w1 = v128.load(f, 16);
    const w2 = v128.load(f, 32);
    const w3 = v128.load(f, 48);
    const w4 = v128.load(f, 64);
    let a = line;
    let value = v128.load(a);
    let s0 = f32x4.mul(value, w0);
    a += pixel;
    value = v128.load(a);
    s0 = multiplyAdd(value, w1, s0);
    a += pixel;
    value = v128.load(a);
    s0 = multiplyAdd(value, w2, s0);
    let s1 = f32x4.mul(value, w0);
    a += pixel;
    value = v128.load(a);
    s0 = multiplyAdd(value, w3, s0);
    s1 = multiplyAdd(value, w1, s1);
    a += pixel;
    value = v128.load(a);
    s0 = multiplyAdd(value, w4, s0);
    s1 = multiplyAdd(value, w2, s1);
    let s2 = f32x4.mul(value, w0);
    a += pixel;
    value = v128.load(a);
    s1 = multiplyAdd(value, w3, s1);
    s2 = multiplyAdd(value, w1, s2);
    a += pixel;
    value = v128.load(a);
    s1 = multiplyAdd(value, w4, s1);
    s2 = multiplyAdd(value, w2, s2);
    let s3 = f32x4.mul(value, w0);
    a += pixel;
    value = v128.load(a);
    s2 = multiplyAdd(value, w3, s2);
    s3 = multiplyAdd(value, w1, s3);
    a += pixel;
    value = v128.load(a);
    s2 = multiplyAdd(value, w4, s2);
    s3 = multiplyAdd(value, w2, s3);
    a += pixel;
    value = v128.load(a);
    s3 = multiplyAdd(value, w3, s3);
    a += pixel;
    value = v128.load(a);
    s3 = multiplyAdd(value, w4, s3);
    y0 = f32x4.add(y0, s0);
    y1 = f32x4.add(y1, s1);
    y2 = f32x4.add(y2, s2);
    y3 = f32x4.add(y3, s3);
    line += lineBytes;
  }
  storeFour(y, pixel, y0, y1, y2, y3);
}
