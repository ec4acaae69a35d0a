import { MelSpectrogram } from '@serial-oe/audio-features';
import {
  DCASE2020_MACHINE_TYPES,
  type Dcase2020MachineType,
  generateMachineSounds,
  type SynthesizeOptions,
  type SyntheticClip,
} from '../src';
import { power } from '../src/synth/dsp/level';

// What simple detectors make of the sounds: the level of a clip, and the distance of its mean and deviation of
// each log-mel band from those of the training clips, in the training clips' standard deviations.

const SHORT = { nIds: 1, durationSeconds: 5, seed: 11 } as const;
const N_MELS = 32;
const mel = new MelSpectrogram({ sampleRate: 16000, nFft: 1024, hopLength: 512, nMels: N_MELS, power: 2 });

/** In timing and modulation alone, which the spectrum of a clip does not show. */
const IN_TIME: readonly (string | null)[] = ['hunting', 'uneven-strokes', 'late-closing'];

interface Features {
  anomalyKind: string | null;
  level: number;
  bands: number[];
}

function featuresOf({ anomalyKind, waveform }: SyntheticClip): Features {
  const { data, nFrames } = mel.compute(waveform);
  const bands = Array.from({ length: N_MELS }, (_, band) => {
    const logs = Array.from(data.subarray(band * nFrames, (band + 1) * nFrames), (v) => Math.log(v + 1e-10));
    const mean = logs.reduce((sum, value) => sum + value, 0) / nFrames;
    return [mean, Math.sqrt(logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / nFrames)];
  });
  return { anomalyKind, level: power(waveform), bands: bands.flat() };
}

function auc(normal: readonly number[], anomalous: readonly number[]): number {
  const wins = anomalous.flatMap((a) => normal.map((n) => (a > n ? 1 : a === n ? 0.5 : 0) as number));
  return wins.reduce((sum, win) => sum + win, 0) / wins.length;
}

function spectralDetector(train: readonly Features[]): (clip: Features) => number {
  const moments = train[0]!.bands.map((_, i) => {
    const values = train.map(({ bands }) => bands[i]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)] as const;
  });
  return ({ bands }) =>
    bands.reduce((sum, value, i) => sum + (value - moments[i]![0]) ** 2 / moments[i]![1], 0);
}

/** Clips as alike as on a test bench, machines of designs of their own. */
const EASY = { idSpread: 10, clipSpread: 0, snrDb: 6 } as const;

function measure(machineType: Dcase2020MachineType, settings: SynthesizeOptions = {}) {
  const make = (options: object) =>
    Array.from(
      generateMachineSounds({ ...SHORT, ...settings, machineTypes: [machineType], nTest: 0, ...options }),
      featuresOf,
    );
  const train = make({ nTrain: 24 });
  const normal = make({ nTrain: 0, nTestNormal: 20 });
  const score = spectralDetector(train);
  return [0, 1, 4].map((severity) => {
    const anomalous = make({ nTrain: 0, nTestAnomalous: 20, severity });
    const levels = [normal, anomalous].map((clips) => clips.map(({ level }) => level));
    return {
      severity,
      level: auc(levels[0]!, levels[1]!),
      spectrum: auc(normal.map(score), anomalous.map(score)),
      inSpectrum: auc(
        normal.map(score),
        anomalous.filter(({ anomalyKind }) => !IN_TIME.includes(anomalyKind)).map(score),
      ),
    };
  });
}

describe('how hard the faults are to find', () => {
  let results: ReturnType<typeof measure>[] = [];
  let easy: ReturnType<typeof measure>[] = [];
  beforeAll(() => {
    results = DCASE2020_MACHINE_TYPES.map((type) => measure(type));
    easy = DCASE2020_MACHINE_TYPES.map((type) => measure(type, EASY));
  }, 300_000);
  const figures = (severity: number, detector: 'level' | 'spectrum' | 'inSpectrum', of = results) =>
    of.map((ofType) => ofType.find((result) => result.severity === severity)![detector]);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  it('severity 0: not at all to be found', () => {
    expect(Math.abs(mean(figures(0, 'spectrum')) - 0.5)).toBeLessThan(0.08); // 6 x 20 x 20 clips: deviation 0.04
    expect(Math.abs(mean(figures(0, 'level')) - 0.5)).toBeLessThan(0.08);
  });

  it('severity 1: neither hidden nor plain, and not to be found by loudness', () => {
    expect(mean(figures(1, 'spectrum'))).toBeGreaterThan(0.6);
    expect(mean(figures(1, 'spectrum'))).toBeLessThan(0.85);
    expect(Math.max(...figures(1, 'spectrum'))).toBeLessThan(0.97);
    expect(Math.abs(mean(figures(1, 'level')) - 0.5)).toBeLessThan(0.12);
    for (const value of figures(1, 'level')) expect(Math.abs(value - 0.5)).toBeLessThan(0.25);
  });

  it('severity 4: found in most clips, on a test bench in every type', () => {
    expect(mean(figures(4, 'spectrum'))).toBeGreaterThan(0.82);
    for (const value of figures(4, 'inSpectrum', easy)) expect(value).toBeGreaterThan(0.85);
    expect(mean(figures(4, 'inSpectrum', easy))).toBeGreaterThan(0.92);
  });
});
