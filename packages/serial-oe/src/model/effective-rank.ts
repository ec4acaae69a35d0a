import type { Embeddings } from '@serial-oe/runtime';

/**
 * In how many directions embeddings differ: the participation ratio of the eigenvalues of their covariance,
 * (sum l)^2 / sum l^2 = trace(C)^2 / ||C||_F^2. 1 where all lie on a line, as many as columns where they differ alike in all.
 * An extractor that has learnt little embeds every sound on a line, however far apart: what a detector can then tell is one number.
 *
 * @param clips embeddings of all clips, at least two rows in all
 * @returns from 1 to `nCols`; 0 where the embeddings do not differ
 */
export function effectiveRank(clips: readonly Embeddings[]): number {
  const nCols = clips[0]?.nCols ?? 0;
  const mean = new Float64Array(nCols);
  const nRows = clips.reduce((sum, clip) => sum + clip.nRows, 0);
  for (const { data } of clips) for (const [i, value] of data.entries()) mean[i % nCols]! += value / nRows;
  const scatter = new Float64Array(nCols * nCols); // upper triangle
  const row = new Float64Array(nCols);
  for (const { data, nRows: n } of clips) {
    for (let r = 0; r < n; r++) {
      for (let i = 0; i < nCols; i++) row[i] = data[r * nCols + i]! - mean[i]!;
      for (let i = 0; i < nCols; i++) {
        for (let j = i; j < nCols; j++) scatter[i * nCols + j]! += row[i]! * row[j]!;
      }
    }
  }
  let trace = 0;
  let squares = 0;
  for (let i = 0; i < nCols; i++) {
    trace += scatter[i * nCols + i]!;
    for (let j = i; j < nCols; j++) squares += (i === j ? 1 : 2) * scatter[i * nCols + j]! ** 2;
  }
  return squares > 0 ? trace ** 2 / squares : 0;
}
