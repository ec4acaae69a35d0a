import type { Clip, ClipLoader } from '@serial-oe/datasets';
import type { ClipScorer } from './asd-system';
import type { Embeddings } from './embeddings';
import { readAhead } from './read-ahead';

/** What gives embeddings: a {@link ClipScorer} that has `embed`. */
export type ClipEmbedder = Required<Pick<ClipScorer, 'embed'>>;

/**
 * The embeddings of clips in turn. The next clip is read while the current one is embedded.
 * @throws what `loadClip` and `embed` throw
 * @example
 * for await (const { clip, embeddings } of embedClips(scorer, clips, platform.loadClip)) ..
 */
export async function* embedClips<C extends Clip>(
  scorer: ClipEmbedder,
  clips: readonly C[],
  loadClip: ClipLoader,
): AsyncGenerator<{ clip: C; embeddings: Embeddings }> {
  for await (const { clip, waveform, sampleRate } of readAhead(clips, loadClip)) {
    yield { clip, embeddings: await scorer.embed(waveform, { sampleRate }) };
  }
}
