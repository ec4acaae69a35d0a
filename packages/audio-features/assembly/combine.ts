import { add, COMPLEX, multiply, PAIR, storeTransformOf4, subtract } from './complex-pair';

/** Real part of the product of a pair and a factor. */
// @ts-ignore: decorator
@inline
function productReal(real: v128, imag: v128, factorReal: v128, factorImag: v128): v128 {
  return subtract(multiply(real, factorReal), multiply(imag, factorImag));
}

// @ts-ignore: decorator
@inline
function productImag(real: v128, imag: v128, factorReal: v128, factorImag: v128): v128 {
  return add(multiply(real, factorImag), multiply(imag, factorReal));
}

/**
 * One later step of the transform, in place: of each four neighbouring transforms of `length` numbers, one of 4 length.
 *
 * @param z pairs, up to `end`.
 * @param factors `[length, 3]` complex numbers: w^j, w^2j and w^3j, w = exp(-2 pi i / (4 length)).
 */
export function combine4(z: usize, end: usize, length: usize, factors: usize): void {
  const quarter = length * PAIR;
  for (; z < end; z += 3 * quarter) {
    const stop = z + quarter;
    for (let factor = factors; z < stop; z += PAIR) {
      const b = z + quarter, c = b + quarter, d = c + quarter;
      const bFactorReal = v128.load64_splat(factor), bFactorImag = v128.load64_splat(factor, 8);
      const cFactorReal = v128.load64_splat(factor, 16), cFactorImag = v128.load64_splat(factor, 24);
      const dFactorReal = v128.load64_splat(factor, 32), dFactorImag = v128.load64_splat(factor, 40);
      const bReal = v128.load(b), bImag = v128.load(b, 16);
      const cReal = v128.load(c), cImag = v128.load(c, 16);
      const dReal = v128.load(d), dImag = v128.load(d, 16);
      storeTransformOf4(
        z, quarter,
        v128.load(z), v128.load(z, 16),
        productReal(bReal, bImag, bFactorReal, bFactorImag), productImag(bReal, bImag, bFactorReal, bFactorImag),
        productReal(cReal, cImag, cFactorReal, cFactorImag), productImag(cReal, cImag, cFactorReal, cFactorImag),
        productReal(dReal, dImag, dFactorReal, dFactorImag), productImag(dReal, dImag, dFactorReal, dFactorImag),
      );
      factor += 3 * COMPLEX;
    }
  }
}
