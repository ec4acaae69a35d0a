import { add, COMPLEX, multiply, PAIR, subtract } from './complex-pair';

/** Bytes of a real number of two frames. */
const REAL_PAIR: usize = 16;

// @ts-ignore: decorator
@inline
function storeSquare(at: usize, real: v128, imag: v128, isRoot: bool): void {
  const square = add(multiply(real, real), multiply(imag, imag));
  v128.store(at, isRoot ? f64x2.sqrt(square) : square);
}

// @ts-ignore: decorator
@inline
function storeEnd(at: usize, real: v128, isRoot: bool): void {
  const square = multiply(real, real);
  v128.store(at, isRoot ? f64x2.sqrt(square) : square);
}

/** From the transform of z[n] = x[2n] + i x[2n + 1] to that of x: see src/real-fft.ts. */
// @ts-ignore: decorator
@inline
function split(z: usize, half: usize, factors: usize, out: usize, isRoot: bool): void {
  const firstReal = v128.load(z), firstImag = v128.load(z, 16);
  storeEnd(out, add(firstReal, firstImag), isRoot);
  storeEnd(out + half * REAL_PAIR, subtract(firstReal, firstImag), isRoot);
  const point5 = f64x2.splat(0.5);
  let a = z + PAIR, b = z + (half - 1) * PAIR;
  let low = out + REAL_PAIR, high = out + (half - 1) * REAL_PAIR;
  for (; a <= b; a += PAIR) {
    factors += COMPLEX;
    const cos = v128.load64_splat(factors), sin = v128.load64_splat(factors, 8);
    const aReal = v128.load(a), aImag = v128.load(a, 16), bReal = v128.load(b), bImag = v128.load(b, 16);
    const evenReal = multiply(point5, add(aReal, bReal));
    const evenImag = multiply(point5, subtract(aImag, bImag));
    const oddReal = multiply(point5, add(aImag, bImag));
    const oddImag = multiply(point5, subtract(bReal, aReal));
    const turnedReal = add(multiply(cos, oddReal), multiply(sin, oddImag));
    const turnedImag = subtract(multiply(cos, oddImag), multiply(sin, oddReal));
    storeSquare(low, add(evenReal, turnedReal), add(evenImag, turnedImag), isRoot);
    storeSquare(high, subtract(evenReal, turnedReal), subtract(turnedImag, evenImag), isRoot);
    b -= PAIR;
    low += REAL_PAIR;
    high -= REAL_PAIR;
  }
}

/**
 * |X|^2 of bins 0 to `half`, `[half + 1, 2]`.
 *
 * @param z `[half]` pairs.
 * @param factors `[half / 2 + 1, 2]`: cos and sin of 2 pi k / (2 half).
 */
export function powers(z: usize, half: usize, factors: usize, out: usize): void {
  split(z, half, factors, out, false);
}

/** |X|, as `powers`. */
export function magnitudes(z: usize, half: usize, factors: usize, out: usize): void {
  split(z, half, factors, out, true);
}
