import prand from 'pure-rand';

/** Steps of an unsigned 32-bit integer over [0, 1). */
const TWO_POW_32 = 2 ** 32;

/** Numbers thrown away at the start, until seeds that differ in one bit have drifted apart. */
const N_WARM_UP = 16;

/** Uniform numbers in [0, 1) from xoroshiro128+; the same seed gives the same sequence everywhere. */
export function createRandom(seed: number): () => number {
  const generator = prand.xoroshiro128plus(spreadBits(seed | 0));
  for (let i = 0; i < N_WARM_UP; i++) generator.unsafeNext();
  return () => (generator.unsafeNext() >>> 0) / TWO_POW_32;
}

/** `length` normal numbers of mean 0 by the Box-Muller transform. */
export function normalValues(length: number, std: number, random: () => number): Float32Array {
  const { cos, log, PI, sin, sqrt } = Math;
  const values = new Float32Array(length);
  for (let i = 0; i < length; i += 2) {
    const radius = std * sqrt(-2 * log(1 - random())); // 1 - u is never 0
    const angle = 2 * PI * random();
    values[i] = radius * cos(angle);
    if (i + 1 < length) values[i + 1] = radius * sin(angle);
  }
  return values;
}

/** `length` uniform numbers in [-bound, bound). */
export function uniformValues(length: number, bound: number, random: () => number): Float32Array {
  const values = new Float32Array(length);
  for (let i = 0; i < length; i++) values[i] = (2 * random() - 1) * bound;
  return values;
}

/** MurmurHash3's 32-bit finalizer: neighbouring seeds become unlike ones. */
function spreadBits(seed: number): number {
  let h = seed;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
