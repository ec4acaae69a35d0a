/** Added to the state at each draw: 2^32 divided by the golden ratio, odd, so that the state visits every value. */
const WEYL_INCREMENT = 0x9e3779b9;

/** Numbers uniform in [0, 1), the same ones for the same seed: MurmurHash3's finalizer of a Weyl sequence. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + WEYL_INCREMENT) >>> 0;
    let h = state;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
  };
}

/** Passes the numbers of the caller's generator on, and refuses those outside [0, 1). */
export function checkedRandom(where: string, random: () => number): () => number {
  return () => {
    const uniform = random();
    if (!(uniform >= 0 && uniform < 1)) {
      throw new RangeError(`${where}: random must return numbers in [0, 1), got ${String(uniform)}.`);
    }
    return uniform;
  };
}
