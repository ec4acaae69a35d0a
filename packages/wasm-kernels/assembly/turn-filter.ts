import { FLOAT } from './simd';

/** Filters `[nTaps, nIn, nOut]` as `[nTaps, nOut, nIn]`, the last tap first. */
export function turnFilter(filter: usize, turned: usize, nTaps: i32, nIn: i32, nOut: i32): void {
  const tapBytes = <usize>nIn * <usize>nOut * FLOAT;
  const rowBytes = <usize>nOut * FLOAT;
  let target = turned;
  for (let tap = nTaps - 1; tap >= 0; tap--) {
    for (let column = 0; column < nOut; column++) {
      let source = filter + <usize>tap * tapBytes + <usize>column * FLOAT;
      for (let row = 0; row < nIn; row++) {
        store<f32>(target, load<f32>(source));
        source += rowBytes;
        target += FLOAT;
      }
    }
  }
}
