import { hzToMel } from '@serial-oe/audio-features';
import { checkOptions, type OptionNames } from '@serial-oe/foundation';
import type { ClipScorer } from '@serial-oe/runtime/contract';
import { atRate } from '../check-clip';
import { type DifferenceSpectrogram, differenceSpectrogram } from '../normals/difference-spectrogram';
import type { NormalComparison, NormalIndex } from '../normals/normal-index';
import { occlusionMap } from '../occlusion/occlusion-map';
import type { MapPart } from '../occlusion/occlusion-types';
import { chunkTimeline } from '../timeline/chunk-timeline';
import { describeExplanation } from './describe-explanation';
import type { Explanation, JsonDifference } from './explanation-types';

export interface ExplainClipOptions {
  /** Hz, of the waveform. */
  sampleRate: number;
  /** Which machine is heard; may be left out where the scorer knows only one. */
  machineId?: string | undefined;
  /** Its type, for a scorer of several types. */
  machineType?: string | undefined;
  /** Of the scorer and its normal training clips. Without one, nothing is known of normal sounds: see `occlusionMap`. */
  index?: NormalIndex | undefined;
  /** Nearest normal clips that are named, default 3. */
  nNearest?: number | undefined;
}

const OPTIONS: OptionNames<ExplainClipOptions> = {
  sampleRate: true,
  machineId: true,
  machineType: true,
  index: true,
  nNearest: true,
};

/**
 * Why a clip scored what it scored: which seconds, which frequencies, compared with what. Scores at most 18 times, and embeds once.
 *
 * @param waveform mono samples, full scale = 1, at least a quarter of a second and as long as the scorer needs
 * @returns plain JSON
 * @throws as `occlusionMap` and `NormalIndex.nearest`
 * @example
 * const { text } = await explainClip(scorer, waveform, { sampleRate: 16000, machineId: '00', index });
 * // Mostly 2.0 to 2.8 kHz between 4.0 and 6.0 s; 8 dB louder there than normal; nearest normal clip: normal_id_00_00000012.wav.
 */
export async function explainClip(
  scorer: Pick<ClipScorer, 'score' | 'input'>,
  waveform: Float32Array,
  options: ExplainClipOptions,
): Promise<Explanation> {
  const where = 'explain.explainClip';
  checkOptions(where, options, OPTIONS);
  const { machineId, machineType, index, nNearest = 3 } = options;
  const { sampleRate, chunkSeconds } = scorer.input;
  const clip = atRate(`${where}: waveform`, { waveform, sampleRate: options.sampleRate }, sampleRate);
  const score = await scorer.score(clip, { sampleRate, machineId, machineType });
  const comparison = await index?.compare(clip, { sampleRate, machineId });
  const normal = comparison?.normal;
  const asked = { sampleRate, machineId, machineType, score };
  const occlusion = await occlusionMap(scorer, clip, {
    ...asked,
    normal: normal && { waveform: normal.waveform, sampleRate: normal.sampleRate },
  });
  const difference = index && differenceSpectrogram(clip, index.levelOf(machineId), { sampleRate });
  const clipSeconds = clip.length / sampleRate;
  const { anomalyScore, threshold, isAnomaly } = score;
  const explanation = {
    ...{ anomalyScore, threshold, isAnomaly, clipSeconds },
    timeline: chunkTimeline(score, { clipSeconds, chunkSeconds, sampleRate }),
    occlusion,
    nearest: nearestOf(comparison, nNearest),
    difference: difference === undefined ? null : toJson(difference),
    louderDb: difference === undefined ? null : meanOver(difference, occlusion.mainPart),
    nScorings: occlusion.nScorings + 1,
  };
  return { text: describeExplanation(explanation), ...explanation };
}

function nearestOf(comparison: NormalComparison | undefined, n: number): Explanation['nearest'] {
  return comparison === undefined ? [] : comparison.nearest.slice(0, n);
}

/** + 0 makes 0 of -0, which JSON has not. */
function toJson({ data, unit: _, ...rest }: DifferenceSpectrogram): JsonDifference {
  return { ...rest, unit: 'dB', data: Array.from(data, (value) => Math.round(value * 10) / 10 + 0) };
}

/** Over the cells whose middle lies in the part; at least one band and one frame. */
function meanOver(spectrogram: DifferenceSpectrogram, { fLow, fHigh, time, endTime }: MapPart): number {
  const { data, nMels, nFrames, fMin, fMax, sampleRate, hopLength } = spectrogram;
  const low = hzToMel(fMin, 'htk');
  const step = (hzToMel(fMax, 'htk') - low) / (nMels + 1);
  const bandAt = (hertz: number) => Math.ceil((hzToMel(hertz, 'htk') - low) / step - 1);
  const frameAt = (seconds: number) => Math.ceil((seconds * sampleRate) / hopLength);
  const [firstBand, endBand] = rangeWithin(bandAt(fLow), bandAt(fHigh), nMels);
  const [firstFrame, endFrame] = rangeWithin(frameAt(time), frameAt(endTime), nFrames);
  let sum = 0;
  for (let band = firstBand; band < endBand; band++) {
    for (let t = firstFrame; t < endFrame; t++) sum += data[band * nFrames + t]!;
  }
  return sum / ((endBand - firstBand) * (endFrame - firstFrame));
}

function rangeWithin(first: number, end: number, n: number): [number, number] {
  const from = Math.min(Math.max(0, first), n - 1);
  return [from, Math.min(Math.max(from + 1, end), n)];
}
