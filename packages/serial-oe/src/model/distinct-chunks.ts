import type { Embeddings, Spectrograms } from '@serial-oe/runtime';

/** Chunks without those that repeat the one before, and how their embeddings become those of all. */
export interface DistinctChunks {
  distinct: Spectrograms;
  expand(embeddings: Embeddings): Embeddings;
}

/** A clip of one chunk's length is cut into that chunk several times: each is computed once. */
export function distinctChunks(spectrograms: Spectrograms): DistinctChunks {
  const { data, nChunks } = spectrograms;
  const size = data.length / nChunks;
  const chunk = (i: number) => data.subarray(i * size, (i + 1) * size);
  const places: number[] = []; // of each chunk, among the distinct ones
  const kept: Float32Array[] = [];
  for (let i = 0; i < nChunks; i++) {
    if (i === 0 || !isSame(chunk(i - 1), chunk(i))) kept.push(chunk(i));
    places.push(kept.length - 1);
  }
  if (kept.length === nChunks) return { distinct: spectrograms, expand: (embeddings) => embeddings };
  const distinct = { data: new Float32Array(kept.length * size), nChunks: kept.length };
  kept.forEach((values, i) => {
    distinct.data.set(values, i * size);
  });
  return { distinct, expand: (embeddings) => rowsAt(embeddings, places) };
}

function isSame(a: Float32Array, b: Float32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function rowsAt({ data, nCols }: Embeddings, places: readonly number[]): Embeddings {
  const rows = new Float32Array(places.length * nCols);
  places.forEach((place, i) => {
    rows.set(data.subarray(place * nCols, (place + 1) * nCols), i * nCols);
  });
  return { data: rows, nRows: places.length, nCols };
}
