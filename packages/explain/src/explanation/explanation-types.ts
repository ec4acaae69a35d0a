import type { ClipScore } from '@serial-oe/runtime/contract';
import type { LogMelFrame } from '../normals/log-mel';
import type { NearestNormal } from '../normals/machine-normals';
import type { OcclusionMap } from '../occlusion/occlusion-types';
import type { TimelineChunk } from '../timeline/chunk-timeline';

/** Why a clip scored what it scored; plain JSON. */
export interface Explanation extends Pick<ClipScore, 'anomalyScore' | 'isAnomaly' | 'threshold'> {
  /** In a sentence, for who looks after the machine. */
  text: string;
  clipSeconds: number;
  /** Which seconds, by chunk. */
  timeline: TimelineChunk[];
  /** Which seconds and frequencies, by occlusion. */
  occlusion: OcclusionMap;
  /** The nearest normal training clips; none without an index. */
  nearest: NearestNormal[];
  /** What is louder or quieter than normal; null without an index. */
  difference: JsonDifference | null;
  /**
   * Decibels that the main part of the occlusion map is louder than the machine normally is there, averaged over its bands and frames;
   * null without an index.
   */
  louderDb: number | null;
  /** How often the clip or a sound made from it was scored. */
  nScorings: number;
}

/** A difference spectrogram in dB as plain numbers, rounded to a tenth. */
export interface JsonDifference extends LogMelFrame {
  /** `[nMels, nFrames]` row-major, the lowest band first; above 0 where the clip is louder. */
  data: number[];
  nFrames: number;
  unit: 'dB';
}
