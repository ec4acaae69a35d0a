import { hzToMel, MelSpectrogram, melToHz } from '@serial-oe/audio-features';
import {
  injectFault,
  type SynthesizeOptions,
  type SyntheticClip,
  seededRandom,
  synthesizeMachineSounds,
} from '@serial-oe/datasets';

export const RATE = 16_000;
export const SECONDS = 6;

/** A recording with a fault whose place is known. */
export interface FaultyClip {
  name: string;
  waveform: Float32Array;
  /** The same without the fault. */
  healthy: Float32Array;
  /** Seconds within which it is heard; null where it is heard all the time. */
  span: readonly [number, number] | null;
}

/** Injected into a normal clip: three kinds that have a place in frequency, all the time and for one to two seconds alone. */
export function* injectedFaults(
  { waveform, path }: { waveform: Float32Array; path: string },
  severitiesDb: readonly number[],
): Generator<FaultyClip> {
  for (const severityDb of severitiesDb) {
    for (const kind of ['risingTone', 'leakHiss', 'bearingImpacts'] as const) {
      for (const isBurst of [false, true]) {
        const random = seededRandom(3, path, kind, isBurst ? 'burst' : 'always');
        const faulty = injectFault(waveform, { sampleRate: RATE, kind, severityDb, random });
        const length = 1 + random();
        const start = random() * (SECONDS - length);
        const change = faulty.map((sample, i) => sample - waveform[i]!);
        if (isBurst) fade(change, start, start + length);
        yield {
          name: `${kind}${isBurst ? ', a burst' : ''}, ${severityDb} dB, ${path}`,
          waveform: waveform.map((sample, i) => sample + change[i]!),
          healthy: waveform,
          span: isBurst ? [start, start + length] : null,
        };
      }
    }
  }
}

function fade(samples: Float32Array, from: number, to: number): void {
  for (let i = 0; i < samples.length; i++) {
    const seconds = i / RATE;
    samples[i] = samples[i]! * Math.max(0, Math.min(1, (seconds - from) / 0.02, (to - seconds) / 0.02));
  }
}

/** Faults of synthetic machines that add a sound of their own; others change the sound that is there, all over. */
const ADDED_KINDS: readonly string[] = [
  'bearing',
  'rubbing',
  'leak',
  'cavitation',
  'dry-rail',
  'loose-screw',
];

/** Synthetic anomalies of a type: the same clip made again at severity 0 is the healthy one, and what is different is the fault. */
export function* syntheticFaults(
  machineType: SyntheticClip['machineType'],
  { sounds, severity }: { sounds: SynthesizeOptions; severity: number },
): Generator<FaultyClip> {
  const options = {
    ...{ machineTypes: [machineType], nIds: 1, nTrain: 0, nTestNormal: 0, nTestAnomalous: 20 },
    ...{ durationSeconds: SECONDS, seed: 1, ...sounds },
  };
  const healthy = synthesizeMachineSounds({ ...options, severity: 0 });
  for (const [i, clip] of synthesizeMachineSounds({ ...options, severity }).entries()) {
    const { waveform, anomalyKind, path } = clip;
    if (!ADDED_KINDS.includes(anomalyKind!)) continue;
    yield { name: `${anomalyKind}, ${path}`, waveform, healthy: healthy[i]!.waveform, span: null };
  }
}

const N_MELS = 64;
const [F_MIN, F_MAX] = [50, 7800];
const MEL = new MelSpectrogram({
  nFft: 1024,
  hopLength: 512,
  nMels: N_MELS,
  fMin: F_MIN,
  fMax: F_MAX,
  power: 2,
});
/** Of the most that a band is louder than without the fault, in dB, from which a band belongs to the fault. */
const LOUD_SHARE = 0.5;

/** `[N_MELS]`: whether the fault is heard there, that is, where the machine is louder by it. */
function loudBands({ waveform, healthy, span }: FaultyClip): boolean[] {
  const [from, to] = span ?? [0, SECONDS];
  const within = (samples: Float32Array) => samples.slice(Math.round(from * RATE), Math.round(to * RATE));
  const [withFault, without] = [levels(within(waveform)), levels(within(healthy))];
  const louder = withFault.map((level, band) => level - without[band]!);
  const enough = LOUD_SHARE * Math.max(...louder);
  return louder.map((decibels) => decibels >= enough);
}

/** `[N_MELS]`: dB */
function levels(samples: Float32Array): number[] {
  const { data, nFrames } = MEL.compute(samples);
  return Array.from({ length: N_MELS }, (_, band) => {
    const power = data.subarray(band * nFrames, (band + 1) * nFrames).reduce((sum, value) => sum + value, 0);
    return 10 * Math.log10(power);
  });
}

/** Whether the middle of a band lies in the fault's place, or a part of the place has its middle in the band. */
function isFaultsBand(fault: FaultyClip, { fLow, fHigh }: { fLow: number; fHigh: number }): boolean {
  const [low, high] = [hzToMel(F_MIN, 'htk'), hzToMel(F_MAX, 'htk')];
  const step = (high - low) / (N_MELS + 1);
  const middle = (hzToMel(fLow, 'htk') + hzToMel(fHigh, 'htk')) / 2;
  return loudBands(fault).some((isLoud, band) => {
    const mel = low + (band + 1) * step;
    const hertz = melToHz(mel, 'htk');
    return isLoud && (Math.abs(mel - middle) <= step / 2 || (hertz >= fLow && hertz < fHigh));
  });
}

/** Whether a stretch of time and the fault's have at least half of the shorter one in common. */
function isFaultsSpan(
  [from, to]: readonly [number, number],
  { time, endTime }: { time: number; endTime: number },
): boolean {
  const common = Math.min(to, endTime) - Math.max(from, time);
  return common >= 0.5 * Math.min(to - from, endTime - time);
}

/** Tells tiles that lie where the fault is, on the axes on which it has a place. */
export function isPlaceOf(fault: FaultyClip): (tile: Tile) => boolean {
  return (tile) => isFaultsBand(fault, tile) && (fault.span === null || isFaultsSpan(fault.span, tile));
}

interface Tile {
  fLow: number;
  fHigh: number;
  time: number;
  endTime: number;
}
