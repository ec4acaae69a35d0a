import { chunkStarts } from '@serial-oe/audio-features';
import {
  ABOVE_ZERO,
  checkNumber,
  checkOptions,
  type OptionNames,
  POSITIVE_COUNT,
} from '@serial-oe/foundation';
import type { ClipScore } from '@serial-oe/runtime/contract';

export interface ChunkTimelineOptions {
  /** Length of the clip, seconds. */
  clipSeconds: number;
  /** Length of a chunk, seconds: `scorer.input.chunkSeconds`. */
  chunkSeconds: number;
  /** Rate that the scorer works at, Hz: chunks start at whole samples. Default 16000. */
  sampleRate?: number | undefined;
}

const OPTIONS: OptionNames<ChunkTimelineOptions> = {
  clipSeconds: true,
  chunkSeconds: true,
  sampleRate: true,
};

/** What one chunk scored. */
export interface TimelineChunk {
  /** Seconds from the clip's start. */
  time: number;
  endTime: number;
  /** Higher is more anomalous. */
  score: number;
}

/**
 * The scores of a clip's chunks on a time axis. Chunks lie as `chunkStarts` of audio-features puts them; one score alone is the
 * whole clip's, since a clip that is cut into chunks has two at least.
 *
 * @param score `chunkScores`, `[nChunks]`
 * @returns `[nChunks]`, ascending in time; chunks overlap
 * @throws RangeError for no score, one that is not finite, a clip shorter than a chunk, or an option out of range; TypeError for
 *   other kinds
 * @example
 * chunkTimeline(await scorer.score(waveform, options), { clipSeconds: 10, chunkSeconds: 2 });
 */
export function chunkTimeline(
  { chunkScores }: Pick<ClipScore, 'chunkScores'>,
  options: ChunkTimelineOptions,
): TimelineChunk[] {
  const where = 'explain.chunkTimeline';
  checkOptions(where, options, OPTIONS);
  const { clipSeconds, chunkSeconds, sampleRate = 16_000 } = options;
  checkNumber(`${where}: clipSeconds`, clipSeconds, ABOVE_ZERO);
  checkNumber(`${where}: chunkSeconds`, chunkSeconds, ABOVE_ZERO);
  checkNumber(`${where}: sampleRate`, sampleRate, POSITIVE_COUNT);
  const scores = [...chunkScores];
  if (scores.length === 0)
    throw new RangeError(`${where}: chunkScores must hold at least one score, got none.`);
  const wrong = scores.findIndex((score) => !Number.isFinite(score));
  if (wrong >= 0) {
    throw new RangeError(`${where}: chunkScores must be finite, got ${scores[wrong]} at chunk ${wrong}.`);
  }
  if (scores.length === 1) return [{ time: 0, endTime: clipSeconds, score: scores[0]! }];
  const chunkLength = Math.round(chunkSeconds * sampleRate);
  const length = Math.round(clipSeconds * sampleRate);
  return chunkStarts(length, { chunkLength, nChunks: scores.length }).map((start, i) => ({
    time: start / sampleRate,
    endTime: (start + chunkLength) / sampleRate,
    score: scores[i]!,
  }));
}
