import { checkNumber, checkOptions, type OptionNames, wholeNumber } from '@serial-oe/foundation';
import type { ClipScore, ClipScorer } from '@serial-oe/runtime/contract';
import { atRate, type Recording } from '../check-clip';
import { bestShift, turned } from './align';
import { bandEdges, splitIntoBands } from './bands';
import { CountedScorer, finiteScore } from './counted-scorer';
import { mapWithPeak, standsOut, strongest } from './find-peak';
import type { OcclusionMap } from './occlusion-types';
import { segmentEdges, segmentTile } from './tile';
import { type ComparedSounds, tileImportance } from './tile-importance';
import { ofLength, typicalSound } from './typical-sound';

export interface OcclusionMapOptions {
  /** Hz, of the waveform. */
  sampleRate: number;
  /** Which machine is heard; may be left out where the scorer knows only one. */
  machineId?: string | undefined;
  /** Its type, for a scorer of several types. */
  machineType?: string | undefined;
  /**
   * A normal clip of the machine, the more alike the better, whose sound takes the place of what is occluded; of any rate and length.
   * Default: the clip itself with each frequency held down to its median over time, which knows of faults that come and go alone.
   */
  normal?: Recording | undefined;
  /** The clip's score, where it is known already: spares one scoring. */
  score?: Pick<ClipScore, 'anomalyScore'> | undefined;
  /** Bands of equal width in mel, 2 to 64. Default 8. */
  nBands?: number | undefined;
  /** Segments of equal length, 1 to 64. Default 5, fewer where they would be shorter than a quarter of a second. */
  nSegments?: number | undefined;
}

const OPTIONS: OptionNames<OcclusionMapOptions> = {
  sampleRate: true,
  machineId: true,
  machineType: true,
  normal: true,
  score: true,
  nBands: true,
  nSegments: true,
};

const DEFAULT_BANDS = 8;
const DEFAULT_SEGMENTS = 5;
const MIN_SEGMENT_SECONDS = 0.25;
const COUNT_RULES = { nBands: wholeNumber(2, 64), nSegments: wholeNumber(1, 64) };

/**
 * Which seconds and which frequencies make a clip's score what it is, for any scorer: parts of the sound itself are exchanged for
 * those of a normal clip, and scored. First segments of time with all their frequencies, then bands within the most important
 * segment, or within the whole clip where no segment stands out. The normal clip is turned in time so that it swells when the clip
 * does. A part's importance is the mean of how much the normal clip's score rises with the part in it, and how much the clip's drops
 * without it; the latter is asked of the strongest segment, where one stands out, and of the two strongest bands. It is in units of
 * the score: `anomalyScore - normalScore` is what all parts make together.
 *
 * Scores at most nSegments + nBands + 5 times, 18 by default.
 *
 * @param scorer any, of waveforms
 * @param waveform mono samples, full scale = 1, at least a quarter of a second and as long as the scorer needs
 * @throws RangeError or TypeError for a waveform or an option that is wrong; what the scorer throws of the clip itself;
 *   ExplanationError where it fails on a sound made from it, or gives a score that is not finite
 * @see Zeiler and Fergus, ECCV 2014, for occlusion; Petsiuk et al., BMVC 2018, for deletion and insertion.
 * @example
 * const { peak } = await occlusionMap(scorer, waveform, { sampleRate: 16000, machineId: '00', normal });
 */
export async function occlusionMap(
  scorer: Pick<ClipScorer, 'score' | 'input'>,
  waveform: Float32Array,
  options: OcclusionMapOptions,
): Promise<OcclusionMap> {
  const { clip, normal, rate, nBands, nSegments } = prepare(scorer, waveform, options);
  const { machineId, machineType, score } = options;
  const counted = new CountedScorer(scorer, { sampleRate: rate, machineId, machineType });
  const clipScore = score === undefined ? await counted.scoreClip(clip) : finiteScore(score, 'the clip');
  const normalScore = await counted.score(normal, 'the normal sound');
  const sounds = { clip, normal, clipScore, normalScore };
  const difference = normal.map((sample, i) => sample - clip[i]!);
  const { segments, tiles } = await scoreSegments(counted, sounds, { difference, rate, nSegments });
  const isThroughout = !standsOut(segments.map(({ importance }) => importance));
  const measured = isThroughout ? { start: 0, samples: difference } : tiles[strongest(segments)]!;
  const edges = bandEdges(nBands, rate);
  const inBands = await tileImportance(counted, sounds, {
    tiles: splitIntoBands(measured, edges, rate),
    nVerified: 2,
  });
  const bands = inBands.map((importance, i) => ({ fLow: edges[i]!, fHigh: edges[i + 1]!, importance }));
  return {
    anomalyScore: clipScore,
    normalScore,
    normal: options.normal === undefined ? 'typicalSound' : 'normalClip',
    ...{ segments, bands, isThroughout },
    ...mapWithPeak(segments, bands, isThroughout),
    nScorings: counted.nScorings,
  };
}

function prepare(
  scorer: Pick<ClipScorer, 'input'>,
  waveform: Float32Array,
  options: OcclusionMapOptions,
): { clip: Float32Array; normal: Float32Array; rate: number; nBands: number; nSegments: number } {
  const where = 'explain.occlusionMap';
  checkOptions(where, options, OPTIONS);
  const rate = scorer.input.sampleRate;
  const clip = atRate(`${where}: waveform`, { waveform, sampleRate: options.sampleRate }, rate);
  const most = Math.max(1, Math.floor(clip.length / rate / MIN_SEGMENT_SECONDS));
  const { nBands = DEFAULT_BANDS, nSegments = Math.min(DEFAULT_SEGMENTS, most) } = options;
  checkNumber(`${where}: nBands`, nBands, COUNT_RULES.nBands);
  checkNumber(`${where}: nSegments`, nSegments, COUNT_RULES.nSegments);
  if (nSegments > most) {
    throw new RangeError(
      `${where}: nSegments must be at most ${most} for segments of ${MIN_SEGMENT_SECONDS} s in this clip, got ${nSegments}.`,
    );
  }
  const normal =
    options.normal === undefined
      ? typicalSound(clip, rate)
      : alignedTo(clip, atRate(`${where}: normal.waveform`, options.normal, rate), rate);
  return { clip, normal, rate, nBands, nSegments };
}

function alignedTo(clip: Float32Array, normal: Float32Array, rate: number): Float32Array {
  const sound = ofLength(normal, clip.length);
  return turned(sound, bestShift(clip, sound, rate));
}

async function scoreSegments(
  scorer: CountedScorer,
  sounds: ComparedSounds,
  { difference, rate, nSegments }: { difference: Float32Array; rate: number; nSegments: number },
) {
  const edges = segmentEdges(difference.length, nSegments);
  const tiles = edges.slice(1).map((to, i) => segmentTile(difference, { from: edges[i]!, to }, rate));
  const importance = await tileImportance(scorer, sounds, { tiles, nVerified: 1, isVerifying: standsOut });
  const segments = importance.map((value, i) => ({
    time: edges[i]! / rate,
    endTime: edges[i + 1]! / rate,
    importance: value,
  }));
  return { segments, tiles };
}
