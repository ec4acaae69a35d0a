/** Which of the two builds of the kernels: with relaxed SIMD a product and a sum are rounded once, and take one instruction. */
export type SimdLevel = 'simd' | 'relaxed-simd';

/** A module with one function of no arguments: its result type is v128, its body these instructions. */
const moduleOf = (...body: number[]) =>
  new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // magic number, version
    ...[1, 5, 1, 0x60, 0, 1, 0x7b], // types: () -> v128
    ...[3, 2, 1, 0], // functions: one, of type 0
    ...[10, body.length + 4, 1, body.length + 2, 0, ...body, 0x0b], // code: one body without locals
  ]);

const F32X4_SPLAT_OF_ZERO = [0x43, 0, 0, 0, 0, 0xfd, 0x13];
const F32X4_RELAXED_MADD = [0xfd, 0x85, 0x02];

/** What this JavaScript engine can run at this moment. */
export function supportsSimd(level: SimdLevel): boolean {
  if (typeof WebAssembly !== 'object') return false;
  const one = F32X4_SPLAT_OF_ZERO;
  const probe = level === 'simd' ? one : [...one, ...one, ...one, ...F32X4_RELAXED_MADD];
  return WebAssembly.validate(moduleOf(...probe));
}

/** The faster build that this engine can run, or null for none. */
export function bestSimdLevel(): SimdLevel | null {
  if (supportsSimd('relaxed-simd')) return 'relaxed-simd';
  return supportsSimd('simd') ? 'simd' : null;
}
