import {
  anomalyKindsOf,
  countMachineSounds,
  DCASE2020_MACHINE_TYPES,
  type Dcase2020MachineType,
  generateMachineSounds,
  type SynthesizeOptions,
  synthesizeMachineSounds,
} from '../src';
import { mixInto, power } from '../src/synth/dsp/level';
import { resolveSynthesizeOptions } from '../src/synth/synthesis-options';
import { generateWithComponents } from '../src/synth/synthesize-machine-sounds';
import { blockLevels, decibels, difference, isSame } from './support/signal';

const SHORT = { durationSeconds: 1, nIds: 1, nTrain: 1, nTest: 1 } as const;
const waveformOf = (options: SynthesizeOptions, path: string) =>
  synthesizeMachineSounds(options).find((clip) => clip.path === path)?.waveform;

describe('synthesizeMachineSounds', () => {
  it('makes the clips that were asked for, named as DCASE2020 names them', () => {
    const options = { ...SHORT, nIds: 2, nTrain: 3, nTestNormal: 2, nTestAnomalous: 7 };
    const clips = synthesizeMachineSounds({ ...options, durationSeconds: 0.25 });
    expect(clips).toHaveLength(6 * 2 * (3 + 2 + 7));
    expect(countMachineSounds(options)).toBe(clips.length);
    expect(new Set(clips.map((clip) => clip.path)).size).toBe(clips.length);
    const idsOf = (type: string) => [
      ...new Set(clips.filter((c) => c.machineType === type).map((c) => c.machineId)),
    ];
    expect(DCASE2020_MACHINE_TYPES.map(idsOf)).toEqual([
      ...Array.from({ length: 4 }, () => ['00', '01']),
      ...Array.from({ length: 2 }, () => ['01', '02']),
    ]);
    const anomalies = clips.filter((clip) => clip.path.startsWith('pump/test/anomaly_id_01_'));
    expect(anomalies.map((clip) => clip.path.slice(-12))).toEqual(
      Array.from({ length: 7 }, (_, i) => `0000000${i}.wav`),
    );
    const kinds = anomalyKindsOf('pump');
    expect(kinds).toHaveLength(6);
    expect(anomalies.map((clip) => clip.anomalyKind)).toEqual([...kinds, kinds[0]]);
    for (const { severity, label, anomalyKind, sampleRate, waveform } of clips) {
      expect(sampleRate).toBe(16000);
      expect(waveform).toHaveLength(4000);
      expect(anomalyKind === null).toBe(label === 'normal');
      if (label === 'normal') expect(severity).toBe(0);
      else expect(Math.abs(severity - 1)).toBeLessThanOrEqual(0.5);
    }
  });

  it('gives the same samples for the same seed and others for another seed, ID, split or number', () => {
    const options = { ...SHORT, machineTypes: ['valve', 'fan'] as const, nIds: 2, nTrain: 2, seed: 5 };
    const clips = synthesizeMachineSounds(options);
    const again = synthesizeMachineSounds(options);
    expect(again.map(({ path }) => path)).toEqual(clips.map(({ path }) => path));
    expect(again.every(({ waveform }, i) => isSame(waveform, clips[i]!.waveform))).toBe(true);
    const all = [...clips, ...synthesizeMachineSounds({ ...options, seed: 6 })];
    expect(new Set(all.map(({ waveform }) => waveform.slice(0, 100).join())).size).toBe(all.length);
  });

  it('makes a clip the same whatever else is made', () => {
    const alone = { ...SHORT, machineTypes: ['pump'] as const, seed: 3 };
    const among = {
      ...alone,
      machineTypes: ['ToyCar', 'pump'] as const,
      nIds: 2,
      nTrain: 3,
      nTestNormal: 0,
      nTestAnomalous: 2,
    };
    for (const path of ['pump/train/normal_id_00_00000000.wav', 'pump/test/anomaly_id_00_00000000.wav']) {
      expect(isSame(waveformOf(among, path)!, waveformOf(alone, path)!)).toBe(true);
    }
  });

  it.each([0.1, 10])(
    'is finite, not silent and below full scale for %d s, faults at their worst',
    (seconds) => {
      const options = { ...SHORT, durationSeconds: seconds, nTrain: 2, nTestAnomalous: 6, severity: 10 };
      for (const { waveform, label } of generateMachineSounds(options)) {
        expect(waveform.every((value) => Math.abs(value) <= 0.9)).toBe(true); // false for NaN too
        const level = decibels(power(waveform));
        expect(level).toBeGreaterThan(-60);
        expect(level).toBeLessThan(label === 'normal' ? -25 : -3);
      }
    },
  );

  it.each([8000, 44100])('works at %d Hz', (sampleRate) => {
    const clips = synthesizeMachineSounds({ ...SHORT, sampleRate });
    expect(clips.every(({ waveform }) => waveform.length === sampleRate)).toBe(true);
    expect(clips.every(({ waveform }) => waveform.every((value) => Math.abs(value) <= 0.9))).toBe(true);
  });

  it('turns a clip down where it would pass full scale, machine and noise alike', () => {
    const options = {
      ...SHORT,
      durationSeconds: 3,
      machineTypes: ['ToyConveyor'] as const,
      snrDb: -30,
      severity: 0,
    };
    for (const { components } of generateWithComponents(resolveSynthesizeOptions('test', options))) {
      const { waveform, machine, noise } = components;
      const peak = waveform.reduce((highest, value) => Math.max(highest, Math.abs(value)), 0);
      expect(peak).toBeCloseTo(0.9, 5);
      expect(decibels(power(machine) / power(noise))).toBeLessThan(-25);
    }
  });

  it('yields clips one at a time, so that the first comes before the last is made', () => {
    const first = generateMachineSounds({ nTrain: 100_000, durationSeconds: 0.2 }).next();
    expect(first.value).toMatchObject({ path: 'fan/train/normal_id_00_00000000.wav' });
  });
});

describe('the mix of machine and factory noise', () => {
  const stems = (machineType: Dcase2020MachineType, snrDb: number, nTrain = 8) =>
    [
      ...generateWithComponents(
        resolveSynthesizeOptions('test', { machineTypes: [machineType], nIds: 1, nTrain, nTest: 0, snrDb }),
      ),
    ].map(({ components }) => components);
  const ratio = ({ machine, noise }: { machine: Float32Array; noise: Float32Array }) =>
    decibels(power(machine) / power(noise));

  it.each([...DCASE2020_MACHINE_TYPES])('has the SNR asked for: %s', (machineType) => {
    const clips = stems(machineType, 6);
    const mean = clips.reduce((sum, clip) => sum + ratio(clip), 0) / clips.length;
    expect(Math.abs(mean - 6)).toBeLessThan(1);
    for (const { waveform, machine, noise } of clips) {
      const sum = Float32Array.from(machine);
      mixInto(sum, noise);
      expect(power(difference(sum, waveform))).toBeLessThan(1e-14);
    }
    // The same noise, 12 dB louder.
    const louder = stems(machineType, -6, 1)[0]!;
    expect(Math.abs(ratio(clips[0]!) - ratio(louder) - 12)).toBeLessThan(1e-3);
    expect(decibels(power(louder.noise) / power(clips[0]!.noise))).toBeCloseTo(12, 3);
    expect(power(difference(louder.machine, clips[0]!.machine))).toBe(0);
  });

  it('differs from clip to clip, in level and in colour', () => {
    const noises = stems('fan', 0, 6).map(({ noise }) => blockLevels(noise, 16000));
    const flatness = noises.map((levels) => Math.max(...levels) / Math.min(...levels));
    expect(Math.max(...flatness)).toBeGreaterThan(1.2 * Math.min(...flatness));
  });
});

describe('options', () => {
  const attempt = (options: object) => () => synthesizeMachineSounds({ ...SHORT, ...options });

  it.each([
    [
      { machineTypes: ['fan', 'lathe'] },
      /machineTypes must be some of fan, pump, slider, valve, ToyCar, ToyConv.*lathe/,
    ],
    [{ machineTypes: [] }, /machineTypes .* got none/],
    [{ machineTypes: ['fan', 'fan'] }, /each once, got fan/],
    [{ nIds: 0 }, /nIds must be a whole number from 1 to 99, got 0/],
    [{ nIds: 100 }, /nIds must be a whole number from 1 to 99, got 100/],
    [{ nTrain: -1 }, /nTrain must be a whole number of at least 0, got -1/],
    [{ nTrain: 1.5 }, /nTrain/],
    [{ nTest: -3 }, /nTest must be/],
    [{ nTestNormal: -3 }, /nTestNormal/],
    [{ nTestAnomalous: Number.NaN }, /nTestAnomalous/],
    [{ severity: -0.1 }, /severity must be a number from 0 to 10, got -0.1/],
    [{ severity: 11 }, /severity/],
    [{ severity: Number.NaN }, /severity .* got NaN/],
    [{ snrDb: Number.POSITIVE_INFINITY }, /snrDb/],
    [{ snrDb: Number.NaN }, /snrDb/],
    [{ idSpread: -0.1 }, /idSpread must be a number from 0 to 10, got -0.1/],
    [{ idSpread: Number.NaN }, /idSpread .* got NaN/],
    [{ clipSpread: 3.1 }, /clipSpread must be a number from 0 to 3, got 3.1/],
    [{ clipSpread: Number.NaN }, /clipSpread .* got NaN/],
    [{ durationSeconds: 0 }, /durationSeconds must be a number from 0.1 to 3600, got 0/],
    [{ sampleRate: 4000 }, /sampleRate/],
    [{ sampleRate: 16000.5 }, /sampleRate/],
    [{ seed: Number.NaN }, /seed/],
  ])('%j is refused', (options, message) => {
    expect(attempt(options)).toThrow(RangeError);
    expect(attempt(options)).toThrow(message);
    expect(attempt(options)).toThrow(/^datasets\.synthesizeMachineSounds: /);
  });

  it('are checked at once by generateMachineSounds, countMachineSounds and anomalyKindsOf', () => {
    expect(() => generateMachineSounds({ nTrain: -1 })).toThrow(/^datasets\.generateMachineSounds: nTrain/);
    expect(() => countMachineSounds({ nTrain: -1 })).toThrow(/^datasets\.countMachineSounds: nTrain/);
    expect(() => anomalyKindsOf('lathe' as 'fan')).toThrow(/anomalyKindsOf: .*ToyConveyor.*lathe/);
    expect(attempt({ machineTypes: 'fan' })).toThrow(TypeError);
  });
});
