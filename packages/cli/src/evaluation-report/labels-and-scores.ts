import type { Clip } from '@serial-oe/datasets';
import type { ScoredClip } from '@serial-oe/runtime/contract';

/** Labels and scores of the clips, as what measures and draws takes them. */
export function labelsAndScores(results: readonly ScoredClip[]): {
  labels: Clip['label'][];
  scores: number[];
} {
  return {
    labels: results.map(({ label }) => label),
    scores: results.map(({ anomalyScore }) => anomalyScore),
  };
}
