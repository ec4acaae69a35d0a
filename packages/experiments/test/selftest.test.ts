import { type Clip, FAULT_KINDS, loadMemoryClip, seededRandom } from '@serial-oe/datasets';
import { type AsdSystem, type ClipScorer, type Platform, TrainingDataError } from '@serial-oe/runtime';
import { type SelftestOptions, selftest } from '../src';

const RATE = 16_000;
const platform = { loadClip: loadMemoryClip } as unknown as Platform;

function clip(machineId: string, i: number, machineType = 'fan'): Clip {
  const random = seededRandom(0, `${machineType} ${machineId} ${i}`);
  const waveform = Float32Array.from(
    { length: RATE },
    (_, t) => 0.1 * Math.sin((2 * Math.PI * 120 * t) / RATE) + 0.02 * (random() - 0.5),
  );
  const place = { path: `${machineType}/${machineId}/${i}.wav`, machineType, machineId };
  return { ...place, label: 'normal', split: 'train', waveform, sampleRate: RATE };
}
const clips = (machineId: string, n: number) => Array.from({ length: n }, (_, i) => clip(machineId, i));

const levelOf = (waveform: Float32Array) =>
  10 * Math.log10(waveform.reduce((sum, value) => sum + value * value, 0) / waveform.length);

/** Hears how loud a clip is; tells what its training clips score, or not. */
function loudness({
  tells = true,
  fails = false,
} = {}): AsdSystem<{ seed: number }> & { seen: string[]; nDisposed: number } {
  const system = {
    ...{ name: 'loudness', scope: 'machineType' as const, seen: [] as string[], nDisposed: 0 },
    resolveConfig: () => ({ seed: 0 }),
    countUpdates: () => 0,
    async train({ clips: train }: { clips: readonly Clip[] }): Promise<ClipScorer> {
      if (fails) throw new TrainingDataError('too few.');
      system.seen = train.map(({ path }) => path);
      return {
        machineIds: ['00', '02'],
        input: { sampleRate: RATE, chunkSeconds: 1 },
        normalScores: tells
          ? train.map(({ path, machineId, waveform }) => ({
              path,
              machineId,
              anomalyScore: levelOf(waveform!),
            }))
          : undefined,
        async score(waveform) {
          const anomalyScore = levelOf(waveform);
          return {
            anomalyScore,
            chunkScores: Float64Array.of(anomalyScore),
            isAnomaly: false,
            threshold: -20,
          };
        },
        toFiles: async () => new Map(),
        dispose: () => {
          system.nDisposed++;
        },
      };
    },
    load: () => Promise.reject(new Error('never')),
  };
  return system;
}

function run(system: AsdSystem, options: Partial<SelftestOptions> = {}) {
  return selftest({
    ...{
      systems: [{ system, config: {} }],
      clips: [...clips('00', 9), ...clips('02', 9)],
      machineType: 'fan',
    },
    ...{ platform, kinds: ['leakHiss', 'dropOuts'], severitiesDb: [-3, -40, 6], ...options },
  });
}

describe('selftest', () => {
  it('names the smallest severity from which on faults are found', async () => {
    const { systems, severitiesDb } = await run(loudness() as AsdSystem);
    expect(severitiesDb).toEqual([-40, -3, 6]);
    const [machine] = systems[0]!.machines;
    expect(machine).toMatchObject({ machineId: '00', nTrain: 6, nHeldOut: 3 });
    const [hiss, gaps] = machine!.faults;
    expect(hiss!.severities.map(({ nClips }) => nClips)).toEqual([3, 3, 3]);
    expect(hiss!.severities[2]!.nFound).toBe(3);
    expect(hiss!.smallestFoundDb).toBe(-3); // half again as loud, which the training clips are not
    expect(gaps!.smallestFoundDb).toBeNull(); // what is missing makes no clip louder
  });

  it('holds the clips with faults out of the training, machine by machine', async () => {
    const system = loudness();
    const pump = clip('00', 0, 'pump');
    await run(system as AsdSystem, { clips: [...clips('00', 9), ...clips('02', 9), pump] });
    expect(system.seen).toHaveLength(13);
    expect(system.seen).toContain(pump.path);
    expect(system.nDisposed).toBe(1);
  });

  it('tells what the false-alarm rate became, at the threshold that was asked for', async () => {
    const strict = await run(loudness() as AsdSystem, { falseAlarmRate: 0 });
    const loose = await run(loudness() as AsdSystem, { falseAlarmRate: 0.9 });
    const alarms = (result: typeof strict) =>
      result.systems[0]!.machines.reduce((sum, { nFalseAlarms }) => sum + nFalseAlarms, 0);
    expect(alarms(strict)).toBeLessThan(alarms(loose));
    expect(alarms(loose)).toBeLessThanOrEqual(6);
  });

  it('takes a system`s own threshold where it does not tell its scores', async () => {
    const { systems } = await run(loudness({ tells: false }) as AsdSystem);
    expect(systems[0]!.machines[0]!.threshold).toBe(-20);
  });

  it('goes on with other systems where one cannot be trained', async () => {
    const systems = [loudness({ fails: true }), loudness()].map((system) => ({
      system: system as AsdSystem,
      config: {},
    }));
    const result = await run(loudness() as AsdSystem, { systems });
    expect(result.systems.map(({ failure }) => failure)).toEqual(['too few.', null]);
    expect(result.systems[0]!.machines).toEqual([]);
  });

  it('gives at most so many clips of a machine a fault, and tells its progress', async () => {
    const seen: number[] = [];
    const options = { maxClips: 1, onProgress: ({ nDone }: { nDone: number }) => seen.push(nDone) };
    const { systems } = await run(loudness() as AsdSystem, options);
    expect(systems[0]!.machines[0]!.faults[0]!.severities[0]!.nClips).toBe(1);
    expect(systems[0]!.machines[0]!.nHeldOut).toBe(3);
    expect(seen).toEqual(Array.from({ length: 2 * 2 * 3 }, (_, i) => i + 1));
  });

  it('is the same twice, and takes every kind of fault by itself', async () => {
    const options = { kinds: undefined, severitiesDb: [-10] };
    const result = await run(loudness() as AsdSystem, options);
    expect(result.kinds).toEqual([...FAULT_KINDS]);
    expect(await run(loudness() as AsdSystem, options)).toEqual(result);
  });

  it('leaves out machines of too few clips, with a warning, and refuses where none is left', async () => {
    const warnings: string[] = [];
    const onWarning = (message: string) => warnings.push(message);
    const { systems } = await run(loudness() as AsdSystem, {
      clips: [...clips('00', 9), ...clips('02', 2)],
      onWarning,
    });
    expect(systems[0]!.machines.map(({ machineId }) => machineId)).toEqual(['00']);
    expect(warnings[0]).toMatch(/fan 02 is left out: too few normal clips/);
    await expect(run(loudness() as AsdSystem, { clips: clips('00', 2) })).rejects.toThrow(TrainingDataError);
    await expect(run(loudness() as AsdSystem, { machineType: 'pump' })).rejects.toThrow(
      /normal training clips of pump/,
    );
  });

  it('stops when asked', async () => {
    await expect(run(loudness() as AsdSystem, { signal: AbortSignal.abort() })).rejects.toThrow(
      /interrupted/,
    );
  });

  it.each([
    [{ systems: [] }, /systems must be at least one/],
    [{ severitiesDb: [] }, /severitiesDb must be at least one/],
    [{ severitiesDb: [Number.NaN] }, /severitiesDb must be a finite number/],
    [{ kinds: ['rust'] }, /kinds must be one of/],
    [{ falseAlarmRate: 1 }, /falseAlarmRate must/],
    [{ foundShare: 2 }, /foundShare must/],
    [{ maxClips: 0 }, /maxClips must/],
    [{ severity: 3 }, /unknown option 'severity'/],
  ])('refuses %j', async (options, message) => {
    await expect(run(loudness() as AsdSystem, options as object)).rejects.toThrow(message);
  });
});
