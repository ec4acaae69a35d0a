// The inner part of depthwise convolutions: target[c] = the sum over a rectangle of taps of source[c] filter[c]. From a
// tap to the next, source and filter move by steps in bytes, which may be negative.
import { FLOAT, loadLanes, multiplyAdd, storeLanes } from './simd';

/** One pixel. */
export function sumTaps(
  source: usize,
  filter: usize,
  target: usize,
  channels: i32,
  nRows: i32,
  nColumns: i32,
  sourceRow: isize,
  sourceColumn: isize,
  filterRow: isize,
  filterColumn: isize,
): void {
  let i = 0;
  for (; i + 16 <= channels; i += 16) {
    const offset = <usize>i * FLOAT;
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let xRow = source + offset;
    let wRow = filter + offset;
    for (let row = 0; row < nRows; row++) {
      let x = xRow;
      let w = wRow;
      for (let column = 0; column < nColumns; column++) {
        a = multiplyAdd(v128.load(x), v128.load(w), a);
        b = multiplyAdd(v128.load(x, 16), v128.load(w, 16), b);
        c = multiplyAdd(v128.load(x, 32), v128.load(w, 32), c);
        d = multiplyAdd(v128.load(x, 48), v128.load(w, 48), d);
        x += sourceColumn;
        w += filterColumn;
      }
      xRow += sourceRow;
      wRow += filterRow;
    }
    const sum = target + offset;
    v128.store(sum, a);
    v128.store(sum, b, 16);
    v128.store(sum, c, 32);
    v128.store(sum, d, 48);
  }
  for (; i < channels; i += 4) {
    const offset = <usize>i * FLOAT;
    const nLanes = min(4, channels - i);
    let a = f32x4.splat(0);
    let xRow = source + offset;
    let wRow = filter + offset;
    for (let row = 0; row < nRows; row++) {
      let x = xRow;
      let w = wRow;
      for (let column = 0; column < nColumns; column++) {
        a = multiplyAdd(loadLanes(x, nLanes), loadLanes(w, nLanes), a);
        x += sourceColumn;
        w += filterColumn;
      }
      xRow += sourceRow;
      wRow += filterRow;
    }
    storeLanes(target + offset, a, nLanes);
  }
}

/** Three pixels that have their taps in common, `sourceStep` and `targetStep` apart; channels is a multiple of 8. */
export function sumTapsOfThree(
  source: usize,
  sourceStep: usize,
  filter: usize,
  target: usize,
  targetStep: usize,
  channels: i32,
  nRows: i32,
  nColumns: i32,
  sourceRow: isize,
  sourceColumn: isize,
  filterRow: isize,
  filterColumn: isize,
): void {
  for (let i = 0; i < channels; i += 8) {
    const offset = <usize>i * FLOAT;
    let a0 = f32x4.splat(0);
    let a1 = a0;
    let b0 = a0;
    let b1 = a0;
    let c0 = a0;
    let c1 = a0;
    let xRow = source + offset;
    let wRow = filter + offset;
    for (let row = 0; row < nRows; row++) {
      let x = xRow;
      let w = wRow;
      for (let column = 0; column < nColumns; column++) {
        const w0 = v128.load(w);
        const w1 = v128.load(w, 16);
        const y = x + sourceStep;
        const z = y + sourceStep;
        a0 = multiplyAdd(v128.load(x), w0, a0);
        a1 = multiplyAdd(v128.load(x, 16), w1, a1);
        b0 = multiplyAdd(v128.load(y), w0, b0);
        b1 = multiplyAdd(v128.load(y, 16), w1, b1);
        c0 = multiplyAdd(v128.load(z), w0, c0);
        c1 = multiplyAdd(v128.load(z, 16), w1, c1);
        x += sourceColumn;
        w += filterColumn;
      }
      xRow += sourceRow;
      wRow += filterRow;
    }
    let sum = target + offset;
    v128.store(sum, a0);
    v128.store(sum, a1, 16);
    sum += targetStep;
    v128.store(sum, b0);
    v128.store(sum, b1, 16);
    sum += targetStep;
    v128.store(sum, c0);
    v128.store(sum, c1, 16);
  }
}
