import { seededRandom } from '@serial-oe/datasets';
import { trustworthiness, tsne } from '@serial-oe/report';
import type { EmbeddedClip } from '../jobs/job-types';
import type { EmbeddingMap } from './experiment-results';

/** Clips a map; time and memory grow with their square. */
const MAX_CLIPS = 1000;
/** Fig. 3 of the paper. */
const PERPLEXITY = 40;
/** t-SNE needs clearly more points than the perplexity; fewer clips get a smaller one. */
const MIN_POINTS_PER_PERPLEXITY = 3;
/** Neighbours that the trustworthiness looks at, fewer where there are no twice as many clips. */
const N_NEIGHBORS = 5;

/**
 * A t-SNE map of the test clips, each by the mean of its chunks' embeddings. Of more than 1000 clips every k-th is taken.
 * Null where there are too few clips for a map.
 */
export function embeddingMap(
  clips: readonly EmbeddedClip[],
  { seed }: { seed: number },
): Pick<EmbeddingMap, 'perplexity' | 'trustworthiness' | 'machineIds' | 'labels' | 'points'> | null {
  const tested = clips.filter(({ role }) => role === 'test');
  const every = Math.ceil(tested.length / MAX_CLIPS);
  const shown = tested.filter((_, i) => i % every === 0);
  const nCols = shown[0]?.embeddings.nCols ?? 0;
  const perplexity = Math.min(PERPLEXITY, Math.floor((shown.length - 1) / MIN_POINTS_PER_PERPLEXITY));
  if (perplexity < 2) return null;
  const data = new Float32Array(shown.length * nCols);
  for (const [i, { embeddings }] of shown.entries()) data.set(meanRow(embeddings), i * nCols);
  const matrix = { data, nRows: shown.length, nCols };
  const map = tsne(matrix, { perplexity, random: seededRandom(seed, 't-sne') });
  const nNeighbors = Math.min(N_NEIGHBORS, Math.ceil(shown.length / 2) - 1);
  return {
    perplexity,
    trustworthiness: trustworthiness(matrix, map, { nNeighbors }),
    machineIds: shown.map(({ machineId }) => machineId),
    labels: shown.map(({ label }) => label),
    points: Array.from(map.data),
  };
}

function meanRow({ data, nRows, nCols }: EmbeddedClip['embeddings']): Float32Array {
  const mean = new Float64Array(nCols);
  for (const [i, value] of data.entries()) mean[i % nCols]! += value / nRows;
  return Float32Array.from(mean);
}
