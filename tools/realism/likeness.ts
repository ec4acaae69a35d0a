import { MelSpectrogram } from '@serial-oe/audio-features';
import { seededRandom } from '@serial-oe/datasets';
import { shuffled } from '@serial-oe/foundation';
import { groupsOf } from './groups-of';

/** A normal clip as its mean log-mel spectrum. */
export interface DescribedClip {
  machineType: string;
  machineId: string;
  /** dB, `[64]`. */
  spectrum: number[];
}

/** How alike clips are. Accuracies of the nearest other clip, as fractions; distances in dB a band (root mean square). */
export interface Likeness {
  /** The nearest clip of the same type is of the same machine. */
  idAccuracy: number;
  /** The nearest clip of all is of the same type. */
  typeAccuracy: number;
  withinId: number;
  /** Between machines of one type. */
  betweenIds: number;
  betweenTypes: number;
}

const N_MELS = 64;
/** Clips drawn of each machine: accuracies compare between sets of as many a machine alone, and small sets have two. */
const CLIPS_PER_ID = 2;
const N_DRAWS = 20;

const mel = new MelSpectrogram({
  sampleRate: 16_000,
  nFft: 2048,
  hopLength: 512,
  nMels: N_MELS,
  power: 2,
  log: 'dB',
});

/** Mean over time of 64 log-mel bands of a clip at 16 kHz, dB. */
export function meanSpectrum(waveform: Float32Array): number[] {
  const { data, nFrames } = mel.compute(waveform);
  return Array.from({ length: N_MELS }, (_, band) =>
    meanOf(data.subarray(band * nFrames, (band + 1) * nFrames)),
  );
}

/** The spectrum without its level: the mean over the bands is 0. */
export function withoutLevel<Clip extends DescribedClip>(clip: Clip): Clip {
  const level = meanOf(clip.spectrum);
  return { ...clip, spectrum: clip.spectrum.map((band) => band - level) };
}

/**
 * Draws two clips of each machine twenty times and asks which are nearest to each other.
 *
 * @throws RangeError where no machine has two clips
 */
export function likenessOf(clips: readonly DescribedClip[]): Likeness {
  const machines = groupsOf(clips, ({ machineType, machineId }) => `${machineType} ${machineId}`).filter(
    (own) => own.length >= CLIPS_PER_ID,
  );
  if (machines.length === 0)
    throw new RangeError('realism: some machine must have two normal clips, got none that has.');
  const seen: Seen = { idHits: [], typeHits: [], withinId: [], betweenIds: [], betweenTypes: [] };
  for (let draw = 0; draw < N_DRAWS; draw++) {
    const random = seededRandom(draw, 'realism');
    compare(
      machines.flatMap((own) => shuffled(own, random).slice(0, CLIPS_PER_ID)),
      seen,
    );
  }
  return {
    idAccuracy: meanOf(seen.idHits),
    typeAccuracy: meanOf(seen.typeHits),
    withinId: meanOf(seen.withinId),
    betweenIds: meanOf(seen.betweenIds),
    betweenTypes: meanOf(seen.betweenTypes),
  };
}

interface Seen {
  idHits: number[];
  typeHits: number[];
  withinId: number[];
  betweenIds: number[];
  betweenTypes: number[];
}

function compare(clips: readonly DescribedClip[], seen: Seen): void {
  for (const clip of clips) {
    const others = clips
      .filter((other) => other !== clip)
      .map((other) => ({ other, distance: distanceOf(clip.spectrum, other.spectrum) }))
      .sort((a, b) => a.distance - b.distance);
    const isOfType = ({ other }: { other: DescribedClip }) => other.machineType === clip.machineType;
    const ofType = others.filter(isOfType);
    seen.typeHits.push(isOfType(others[0]!) ? 1 : 0);
    seen.idHits.push(ofType[0]!.other.machineId === clip.machineId ? 1 : 0);
    for (const each of others) {
      const isSameId = isOfType(each) && each.other.machineId === clip.machineId;
      const group = isSameId ? 'withinId' : isOfType(each) ? 'betweenIds' : 'betweenTypes';
      seen[group].push(each.distance);
    }
  }
}

function distanceOf(a: readonly number[], b: readonly number[]): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / a.length);
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}
