import { add, COMPLEX, multiply, PAIR, store, storeTransformOf4, subtract } from './complex-pair';

// The first step of the transform of z[n] = x[2n] + i x[2n + 1], which reads the samples of two frames in the
// digit-reversed order that `offsets` gives (uint32, bytes from the start of a frame) and multiplies them by the window.

/** Transforms of four: `[nTransforms, 4]` pairs. */
export function windowAndTransform4(
  frame: usize, nextFrame: usize, window: usize, offsets: usize, nTransforms: usize, out: usize,
): void {
  const quarter = nTransforms * COMPLEX;
  const end = offsets + nTransforms * 4;
  for (; offsets < end; offsets += 4) {
    const a = <usize>load<u32>(offsets), b = a + quarter, c = b + quarter, d = c + quarter;
    const aWindow = v128.load(window + a), bWindow = v128.load(window + b);
    const cWindow = v128.load(window + c), dWindow = v128.load(window + d);
    const a0 = multiply(v128.load(frame + a), aWindow), a1 = multiply(v128.load(nextFrame + a), aWindow);
    const b0 = multiply(v128.load(frame + b), bWindow), b1 = multiply(v128.load(nextFrame + b), bWindow);
    const c0 = multiply(v128.load(frame + c), cWindow), c1 = multiply(v128.load(nextFrame + c), cWindow);
    const d0 = multiply(v128.load(frame + d), dWindow), d1 = multiply(v128.load(nextFrame + d), dWindow);
    storeTransformOf4(
      out, PAIR,
      v128.shuffle<f64>(a0, a1, 0, 2), v128.shuffle<f64>(a0, a1, 1, 3),
      v128.shuffle<f64>(b0, b1, 0, 2), v128.shuffle<f64>(b0, b1, 1, 3),
      v128.shuffle<f64>(c0, c1, 0, 2), v128.shuffle<f64>(c0, c1, 1, 3),
      v128.shuffle<f64>(d0, d1, 0, 2), v128.shuffle<f64>(d0, d1, 1, 3),
    );
    out += 4 * PAIR;
  }
}

/** Transforms of two, for sizes that are no power of four: `[nTransforms, 2]` pairs. */
export function windowAndTransform2(
  frame: usize, nextFrame: usize, window: usize, offsets: usize, nTransforms: usize, out: usize,
): void {
  const half = nTransforms * COMPLEX;
  const end = offsets + nTransforms * 4;
  for (; offsets < end; offsets += 4) {
    const a = <usize>load<u32>(offsets), b = a + half;
    const aWindow = v128.load(window + a), bWindow = v128.load(window + b);
    const a0 = multiply(v128.load(frame + a), aWindow), a1 = multiply(v128.load(nextFrame + a), aWindow);
    const b0 = multiply(v128.load(frame + b), bWindow), b1 = multiply(v128.load(nextFrame + b), bWindow);
    const aReal = v128.shuffle<f64>(a0, a1, 0, 2), aImag = v128.shuffle<f64>(a0, a1, 1, 3);
    const bReal = v128.shuffle<f64>(b0, b1, 0, 2), bImag = v128.shuffle<f64>(b0, b1, 1, 3);
    store(out, add(aReal, bReal), add(aImag, bImag));
    store(out + PAIR, subtract(aReal, bReal), subtract(aImag, bImag));
    out += 2 * PAIR;
  }
}
