import { multiplyAdd } from './simd';

const LOG2_E: f32 = 1.4426950408889634;
/** 1.5 * 2^23: adding it rounds to a whole number, which then stands in the low bits. */
const ROUND: f32 = 12582912;
/** e^87 and e^-87 are normal numbers. */
const LIMIT: f32 = 87;

/**
 * e^-z. With u = -z / ln 2 and n the nearest whole number, e^-z = 2^n 2^(u - n): n is added to the exponent, and 2^r on
 * [-1/2, 1/2] is the polynomial of degree 5 with the smallest relative error (7e-8, found by Remez' exchange). Horner's
 * scheme: the steps of several vectors overlap anyway, and it needs the fewest of them.
 */
// @ts-ignore: decorator
@inline
function exponentialOfMinus(z: v128): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(z, f32x4.splat(LIMIT)), f32x4.splat(-LIMIT));
  const minusLog2E = f32x4.splat(-LOG2_E);
  const shifted = multiplyAdd(bounded, minusLog2E, f32x4.splat(ROUND));
  const r = multiplyAdd(bounded, minusLog2E, f32x4.sub(f32x4.splat(ROUND), shifted));
  let p = multiplyAdd(f32x4.splat(0.0013276471993007577), r, f32x4.splat(0.009675541334453436));
  p = multiplyAdd(p, r, f32x4.splat(0.055507132734962675));
  p = multiplyAdd(p, r, f32x4.splat(0.24022119723840019));
  p = multiplyAdd(p, r, f32x4.splat(0.6931469670647619));
  p = multiplyAdd(p, r, f32x4.splat(1.0000000716546849));
  return i32x4.add(p, i32x4.shl(shifted, 23));
}

/** 1 / (1 + e^-z), to 1.2e-7. */
// @ts-ignore: decorator
@inline
export function sigmoid(z: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exponentialOfMinus(z)));
}

/** z sigmoid(z). */
// @ts-ignore: decorator
@inline
export function swish(z: v128): v128 {
  return f32x4.div(z, f32x4.add(f32x4.splat(1), exponentialOfMinus(z)));
}

/** The derivative of swish: s (1 + z (1 - s)) with s = sigmoid(z). */
// @ts-ignore: decorator
@inline
export function swishDerivative(z: v128): v128 {
  const s = sigmoid(z);
  const one = f32x4.splat(1);
  return f32x4.mul(s, multiplyAdd(z, f32x4.sub(one, s), one));
}
