import type { SoundLevels } from '@serial-oe/audio-features';
import { type Clip, sessionOf } from '@serial-oe/datasets';
import { quantile } from '@serial-oe/foundation';
import type { ClipScorer, NormalScore } from '../contract/asd-system';
import type { Platform } from '../contract/platform';
import { readAhead } from '../contract/read-ahead';
import { throwIfStopped } from '../throw-if-stopped';
import { withDecisions } from './deciding-scorer';
import { type DatedScore, type DecisionRule, Decisions } from './decisions';
import { levelsFor } from './levels-for';

export interface DecideByTrainingOptions {
  /** Of the training: those of the normal scores are among them. */
  clips: readonly Clip[];
  loadClip: Platform['loadClip'];
  /** How thresholds are set, for clips of that many seconds (their median). */
  rule(clipSeconds: number): DecisionRule;
  signal?: AbortSignal | undefined;
}

/**
 * A scorer that was just trained with thresholds, severity and percentile by its held-out normal scores, which it keeps: with the day or
 * session that each clip's name tells, and how loud the clips were, by which a monitor tells later that something has moved.
 *
 * @returns the scorer as it is where it has no normal scores. Disposing the result disposes the scorer
 * @throws RangeError or TypeError for a rule that cannot be; JobStoppedError
 */
export async function decideByTraining(
  scorer: ClipScorer,
  { clips, loadClip, rule, signal }: DecideByTrainingOptions,
): Promise<ClipScorer> {
  const { normalScores = [], input } = scorer;
  if (normalScores.length === 0) return scorer;
  const paths = new Set(normalScores.map(({ path }) => path));
  const seconds: number[] = [];
  const levels = new Map<string, SoundLevels>();
  const heard = clips.filter(({ path }) => paths.has(path));
  for await (const { clip, waveform, sampleRate } of readAhead(heard, loadClip)) {
    throwIfStopped(
      signal,
      'while measuring how loud the clips are; a checkpoint holds the training, if there is one',
    );
    seconds.push(waveform.length / sampleRate);
    levels.set(clip.path, levelsFor(input, { waveform, sampleRate }));
  }
  const clipSeconds = quantile(Float64Array.from(seconds).sort(), 0.5);
  const scores = normalScores.map((score) => datedScore(score, levels.get(score.path)));
  return withDecisions(scorer, Decisions.fit(scores, rule(clipSeconds), clipSeconds));
}

/** With the day or session that the name of the recording tells. */
export function datedScore(
  { path, machineId, anomalyScore }: NormalScore,
  levels?: SoundLevels | undefined,
): DatedScore {
  return { machineId, anomalyScore, session: sessionOf(path), levels };
}
