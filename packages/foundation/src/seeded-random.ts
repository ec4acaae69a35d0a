import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { show } from './show';

/** 2^-32: turns an unsigned 32-bit integer into a number in [0, 1). */
const UNIT = 1 / 4294967296;

/**
 * A stream of uniform random numbers in [0, 1) with 32 bits each (xoroshiro128+ of pure-rand).
 *
 * The whole 128-bit state is hashed from the seed and the labels, so that each list of labels has its own
 * stream: `seededRandom(7, 'fan', '00', 3)` gives the same numbers whatever other streams were drawn before,
 * and two streams whose labels differ anywhere have nothing in common.
 *
 * @param seed any finite number
 * @param labels names and numbers of the stream; `1` and `'1'` are different labels
 * @throws RangeError where the seed or a numeric label is not finite
 * @example
 * const random = seededRandom(42, 'validation');
 * random(); // the same number every time
 */
export function seededRandom(seed: number, ...labels: (string | number)[]): () => number {
  const isWrong = (label: unknown) =>
    typeof label === 'number' ? !Number.isFinite(label) : typeof label !== 'string';
  if (!Number.isFinite(seed) || labels.some(isWrong)) {
    const got = [seed, ...labels].map(show).join(', ');
    throw new RangeError(
      `foundation.seededRandom: seed must be a finite number and labels strings or finite numbers, got ${got}.`,
    );
  }
  const key = [seed, ...labels].map((part) => JSON.stringify(part)).join(',');
  const words = [1, 2, 3, 4].map((lane) => hash32(key, Math.imul(lane, 0x9e3779b1)));
  // A state of zeros is the one that the generator never leaves.
  const state = words.some((word) => word !== 0) ? words : [1, 0, 0, 0];
  const generator = xoroshiro128plusFromState(state);
  return () => (generator.next() >>> 0) * UNIT;
}

/** FNV-1a over the UTF-16 code units from a lane-dependent basis, finished with MurmurHash3's avalanche. */
function hash32(text: string, lane: number): number {
  let hash = 0x811c9dc5 ^ lane;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash ^= hash >>> 15; // FNV alone carries bits upwards only
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}
