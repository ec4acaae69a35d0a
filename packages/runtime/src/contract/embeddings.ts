/** Embeddings of the chunks of one clip, `[nRows, nCols]` row-major. */
export interface Embeddings {
  data: Float32Array;
  nRows: number;
  nCols: number;
}

/** Spectrograms of equal size, `[nChunks, nMels, nFrames]` row-major. */
export interface Spectrograms {
  data: Float32Array;
  nChunks: number;
}
