import golden from './golden/gmm.json';

/** Linear congruential generator (Numerical Recipes' constants): plenty for tests, the same on every run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Sums of 12 uniforms less 6: near enough to normal. */
export function normals(seed: number, length: number): number[] {
  const random = seeded(seed);
  return Array.from({ length }, () => Array.from({ length: 12 }, random).reduce((sum, u) => sum + u, -6));
}

/** Upper triangular, diagonal near 1.5. */
export function upperMatrix(n: number): Float64Array {
  const noise = normals(n, n * n);
  return Float64Array.from(noise, (value, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return i === j ? 1.5 + 0.1 * value : i < j ? 0.2 * value : 0;
  });
}

/** Rows around the given centres, in turn. */
export function blobs(seed: number, nRows: number, centers: number[][], spread = 1): number[][] {
  const nCols = centers[0]!.length;
  const noise = normals(seed, nRows * nCols);
  return Array.from({ length: nRows }, (_, i) =>
    centers[i % centers.length]!.map((center, j) => center + spread * noise[i * nCols + j]!),
  );
}

/** Any nesting of numbers as one flat list. */
export function flat(values: unknown): number[] {
  return typeof values === 'number' ? [values] : (values as unknown[]).flatMap(flat);
}

type DataName = keyof typeof golden.data;

/** The data that a golden case was fitted to, and the rows that it scored. */
export function goldenData(name: string): { X: number[][]; test: number[][] } {
  return golden.data[name as DataName];
}

/** The same rows as a flat matrix. */
export function flatMatrix(rows: number[][]): { data: Float64Array; nRows: number; nCols: number } {
  return { data: Float64Array.from(rows.flat()), nRows: rows.length, nCols: rows[0]!.length };
}

export const TYPES = ['full', 'tied', 'diag', 'spherical'] as const;
