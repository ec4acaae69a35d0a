/** Every draw takes its numbers from the caller's generator, `random`: uniform in [0, 1). */

/**
 * Passes the numbers of a generator on, and refuses those outside [0, 1).
 *
 * @param where `<package>.<function>`, which the error names.
 */
export function checkedRandom(where: string, random: () => number): () => number {
  return () => {
    const uniform = random();
    if (uniform >= 0 && uniform < 1) return uniform;
    throw new RangeError(`${where}: random must return numbers in [0, 1), got ${String(uniform)}.`);
  };
}

/** A number in [0, 1). @throws RangeError where `random` returns another. */
export function drawUniform(random: () => number): number {
  const uniform = random();
  if (uniform >= 0 && uniform < 1) return uniform;
  throw new RangeError(`foundation: random must return numbers in [0, 1), got ${String(uniform)}.`);
}

/** A whole number in [0, n), uniform. @throws as {@link drawUniform}. */
export function drawIndex(n: number, random: () => number): number {
  return Math.floor(drawUniform(random) * n);
}

/** The numbers 0..n-1 in random order (Fisher and Yates), by exactly n - 1 draws. @throws as {@link drawUniform}. */
export function drawPermutation(n: number, random: () => number): Int32Array {
  const permutation = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = drawIndex(i + 1, random);
    const held = permutation[i]!;
    permutation[i] = permutation[j]!;
    permutation[j] = held;
  }
  return permutation;
}

/** A shuffled copy: `items` in the order of {@link drawPermutation}. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return Array.from(drawPermutation(items.length, random), (i) => items[i] as T);
}

/** A normal number of mean 0 and standard deviation 1, by two draws (Box and Muller). @throws as {@link drawUniform}. */
export function drawNormal(random: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - drawUniform(random))); // 1 - u is never 0
  return radius * Math.cos(2 * Math.PI * drawUniform(random));
}

/**
 * Fills with normal numbers of mean 0 and the given standard deviation, by the Box-Muller transform: two draws make two
 * of them; of an odd length the last partner is dropped. @throws as {@link drawUniform}.
 */
export function fillNormal(out: Float32Array | Float64Array, std: number, random: () => number): void {
  for (let i = 0; i < out.length; i += 2) {
    const radius = std * Math.sqrt(-2 * Math.log(1 - drawUniform(random))); // 1 - u is never 0
    const angle = 2 * Math.PI * drawUniform(random);
    out[i] = radius * Math.cos(angle);
    out[i + 1] = radius * Math.sin(angle); // beyond the end, a typed array ignores it
  }
}

/** `length` normal numbers, as {@link fillNormal}. */
export function normalValues(length: number, std: number, random: () => number): Float32Array {
  const values = new Float32Array(length);
  fillNormal(values, std, random);
  return values;
}

/** `length` uniform numbers in [-bound, bound). @throws as {@link drawUniform}. */
export function uniformValues(length: number, bound: number, random: () => number): Float32Array {
  return Float32Array.from({ length }, () => (2 * drawUniform(random) - 1) * bound);
}
