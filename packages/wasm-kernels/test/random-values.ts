/** Uniform numbers in [-1, 1) from a linear congruential generator (constants of Numerical Recipes). */
export function randomValues(size: number, seed: number): Float32Array {
  let state = (seed * 2_654_435_761) >>> 0;
  return Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);
