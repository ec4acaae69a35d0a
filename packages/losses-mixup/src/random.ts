/** A number in [0, 1) from the caller's generator. */
export function drawUniform(random: () => number): number {
  const u = random();
  if (!(u >= 0 && u < 1)) {
    throw new RangeError(`losses-mixup: random must return numbers in [0, 1), got ${u}.`);
  }
  return u;
}

/** A whole number in [0, n), uniform. */
export function drawIndex(n: number, random: () => number): number {
  return Math.floor(drawUniform(random) * n);
}

/** The numbers 0..n-1 in random order (Fisher and Yates). */
export function drawPermutation(n: number, random: () => number): Int32Array {
  const permutation = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = drawIndex(i + 1, random);
    const held = permutation[i] as number;
    permutation[i] = permutation[j] as number;
    permutation[j] = held;
  }
  return permutation;
}
