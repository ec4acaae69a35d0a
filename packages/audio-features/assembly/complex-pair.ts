// A complex number of each of the two frames: the real parts, then the imaginary parts.

/** Bytes of such a pair. */
export const PAIR: usize = 32;
/** Bytes of one complex number of two float64. */
export const COMPLEX: usize = 16;

// @ts-ignore: decorator
@inline
export function add(a: v128, b: v128): v128 {
  return f64x2.add(a, b);
}

// @ts-ignore: decorator
@inline
export function subtract(a: v128, b: v128): v128 {
  return f64x2.sub(a, b);
}

// @ts-ignore: decorator
@inline
export function multiply(a: v128, b: v128): v128 {
  return f64x2.mul(a, b);
}

// @ts-ignore: decorator
@inline
export function store(at: usize, real: v128, imag: v128): void {
  v128.store(at, real);
  v128.store(at, imag, 16);
}

/** The transform of four numbers, to four places `quarter` apart. */
// @ts-ignore: decorator
@inline
export function storeTransformOf4(
  at: usize, quarter: usize,
  aReal: v128, aImag: v128, bReal: v128, bImag: v128, cReal: v128, cImag: v128, dReal: v128, dImag: v128,
): void {
  const sumReal = add(aReal, cReal), sumImag = add(aImag, cImag);
  const differenceReal = subtract(aReal, cReal), differenceImag = subtract(aImag, cImag);
  const sumReal2 = add(bReal, dReal), sumImag2 = add(bImag, dImag);
  const differenceReal2 = subtract(bReal, dReal), differenceImag2 = subtract(bImag, dImag);
  store(at, add(sumReal, sumReal2), add(sumImag, sumImag2));
  store(at + quarter, add(differenceReal, differenceImag2), subtract(differenceImag, differenceReal2));
  store(at + 2 * quarter, subtract(sumReal, sumReal2), subtract(sumImag, sumImag2));
  store(at + 3 * quarter, subtract(differenceReal, differenceImag2), add(differenceImag, differenceReal2));
}
