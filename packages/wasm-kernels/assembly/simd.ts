// Four float32 lanes at a time, and the one to three lanes that are left where a row is no multiple of four.

/** Bytes of a float32. */
export const FLOAT: usize = 4;

/** a b + c, rounded once in the relaxed-SIMD build. */
// @ts-ignore: decorator
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** The first n of four lanes, 1 <= n <= 4, and zeros. Reads n floats and no more. */
// @ts-ignore: decorator
@inline
export function loadLanes(address: usize, n: i32): v128 {
  return n == 4 ? v128.load(address) : loadFew(address, n);
}

function loadFew(address: usize, n: i32): v128 {
  if (n == 1) return v128.load32_zero(address);
  const two = v128.load64_zero(address);
  return n == 2 ? two : v128.load_lane<f32>(address, two, 2, 8);
}

/** Writes the first n of four lanes, 1 <= n <= 4. */
// @ts-ignore: decorator
@inline
export function storeLanes(address: usize, value: v128, n: i32): void {
  if (n == 4) v128.store(address, value);
  else storeFew(address, value, n);
}

function storeFew(address: usize, value: v128, n: i32): void {
  if (n == 1) {
    v128.store_lane<f32>(address, value, 0);
    return;
  }
  v128.store_lane<f64>(address, value, 0);
  if (n == 3) v128.store_lane<f32>(address, value, 2, 8);
}
