import { aggregate } from '@serial-oe/aggregator';
import type { ClipRow, ClipScores, ScoringJob } from './job-types';

/** One score a clip: the system's own, or its chunk scores normalised and aggregated as the scoring says. */
export function toClipRows(clips: readonly ClipScores[], { aggregation, protocol }: ScoringJob): ClipRow[] {
  const isNormalized = protocol.scoreNormalization === 'perIdZScore';
  const chunkScores = isNormalized ? standardized(clips) : clips.map((clip) => clip.chunkScores);
  return clips.map(({ chunkScores: _, anomalyScore, ...facts }, i) => {
    const isOwn = anomalyScore !== null && aggregation === null && !isNormalized;
    const scores = chunkScores[i] as Float64Array;
    const score = isOwn ? anomalyScore : aggregate(scores, aggregation ?? undefined);
    return { ...facts, anomalyScore: score };
  });
}

/** Mean 0 and standard deviation 1 over the chunks of all clips of a machine. */
function standardized(clips: readonly ClipScores[]): Float64Array[] {
  const keyOf = ({ machineType, machineId }: ClipScores) => JSON.stringify([machineType, machineId]);
  const scalings = new Map<string, { mean: number; std: number }>();
  for (const key of new Set(clips.map(keyOf))) {
    const ofMachine = clips.filter((clip) => keyOf(clip) === key).map(({ chunkScores }) => chunkScores);
    const n = ofMachine.reduce((sum, { length }) => sum + length, 0);
    const total = (of: (score: number) => number) =>
      ofMachine.reduce((sum, scores) => scores.reduce((inner, score) => inner + of(score), sum), 0);
    const mean = total((score) => score) / n;
    scalings.set(key, { mean, std: Math.sqrt(total((score) => (score - mean) ** 2) / n) });
  }
  return clips.map((clip) => {
    const { mean, std } = scalings.get(keyOf(clip)) as { mean: number; std: number };
    if (std === 0) return clip.chunkScores; // all alike: nothing to scale, and no order to lose
    return clip.chunkScores.map((score) => (score - mean) / std);
  });
}
