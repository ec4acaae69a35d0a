import type { Embeddings, Spectrograms } from '@serial-oe/runtime';
import type { ChunkEmbedder } from './embedder';

/** The embeddings of several clips, whose chunks go through the network side by side. */
export async function embedTogether(
  embedder: ChunkEmbedder,
  clips: readonly Spectrograms[],
): Promise<Embeddings[]> {
  const data = new Float32Array(clips.reduce((sum, clip) => sum + clip.data.length, 0));
  let nValues = 0;
  for (const clip of clips) {
    data.set(clip.data, nValues);
    nValues += clip.data.length;
  }
  const nChunks = clips.reduce((sum, clip) => sum + clip.nChunks, 0);
  const all = await embedder.embedAsync({ data, nChunks });
  let row = 0;
  return clips.map(({ nChunks: nRows }) => {
    const first = row;
    row += nRows;
    return { data: all.data.slice(first * all.nCols, row * all.nCols), nRows, nCols: all.nCols };
  });
}
