import type { Clip } from '@serial-oe/datasets';
import { seededRandom } from '@serial-oe/foundation';
import { type AsdSystem, BundleError, type Platform, type TrainingProgress } from '@serial-oe/runtime';
import { level, MODEL_FILE, melStatistics, modulationStatistics, twfrGmm } from '../src/index';
import { chooseVector } from '../src/shared/choose-vector';
import { twfrGmmMethod } from '../src/twfr-gmm/twfr-gmm';

const RATE = 16_000;
const SYSTEMS: readonly AsdSystem[] = [melStatistics, modulationStatistics, twfrGmm, level];

/** Noise with a hum; one second. */
function sound(seed: string, { hertz = 120, gain = 1 } = {}): Float32Array {
  const random = seededRandom(0, seed);
  return Float32Array.from(
    { length: RATE },
    (_, i) => gain * (0.1 * Math.sin((2 * Math.PI * hertz * i) / RATE) + 0.02 * (random() - 0.5)),
  );
}

function clip(
  name: string,
  {
    machineId = '00',
    label = 'normal',
    split = 'train',
    ...rest
  }: Partial<Clip> & { hertz?: number; gain?: number } = {},
): Clip {
  const { hertz, gain, ...more } = rest;
  const tone = hertz ?? (machineId === '00' ? 120 : 300);
  return {
    ...{ path: `${machineId}/${name}.wav`, machineType: 'fan', machineId, label, split, ...more },
    ...{
      waveform: sound(`${machineId} ${name}`, { hertz: tone, ...(gain === undefined ? {} : { gain }) }),
      sampleRate: RATE,
    },
  } as Clip;
}

const normals = (machineId: string, n: number) =>
  Array.from({ length: n }, (_, i) => clip(`n${i}`, { machineId }));
const platform = {
  loadClip: async ({ waveform, sampleRate }: Clip) => ({ waveform: waveform!, sampleRate: sampleRate! }),
} as unknown as Platform;

async function train(system: AsdSystem, clips: readonly Clip[], overrides: object = {}) {
  const events: TrainingProgress[] = [];
  const scorer = await system.train(
    {
      ...{
        clips,
        target: { machineType: 'fan' },
        config: system.resolveConfig(undefined, overrides),
        checkpoint: null,
      },
      onProgress: (event) => events.push(event),
    },
    platform,
  );
  return { scorer, events };
}

describe.each(SYSTEMS.map((system) => [system.name, system] as const))('%s', (name, system) => {
  const clips = [...normals('00', 8), ...normals('02', 8)];
  const fault = clip('fault', name === 'level' ? { gain: 3 } : { hertz: 2500 });

  it('counts the clips of a machine that is learnt anew once', async () => {
    const { scorer } = await train(system, clips);
    const recordings = normals('02', 5).map(({ path, waveform, sampleRate }) => ({
      ...{ path, waveform: waveform!, sampleRate: sampleRate! },
    }));
    const anew = await scorer.withMachine!('02', recordings);
    expect(anew.provenance).toMatchObject({ nNormalClips: 8 + 5 });
    expect((await anew.withMachine!('07', recordings)).provenance).toMatchObject({ nNormalClips: 8 + 5 + 5 });
  });

  it('scores a fault above every normal clip, of each machine by its own detector', async () => {
    const { scorer } = await train(system, clips);
    expect(scorer.machineIds).toEqual(['00', '02']);
    const scoreOf = async ({ waveform }: Clip, machineId: string) =>
      (await scorer.score(waveform!, { sampleRate: RATE, machineId })).anomalyScore;
    const fresh = await Promise.all(Array.from({ length: 5 }, (_, i) => scoreOf(clip(`fresh${i}`), '00')));
    expect(await scoreOf(fault, '00')).toBeGreaterThan(Math.max(...fresh));
    if (name !== 'level') {
      expect(await scoreOf(clip('fresh'), '02')).toBeGreaterThan(await scoreOf(clip('fresh'), '00'));
    }
  });

  it('saves and loads to the same scores bit for bit, and trains the same twice, whatever the order of the clips', async () => {
    const { scorer } = await train(system, clips);
    const { scorer: again } = await train(system, [...clips].reverse());
    const files = await scorer.toFiles();
    expect(await again.toFiles()).toEqual(files);
    const loaded = await system.load(files, platform);
    const options = { sampleRate: RATE, machineId: '02' };
    expect(await loaded.score(fault.waveform!, options)).toEqual(
      await scorer.score(fault.waveform!, options),
    );
  });

  it('sets thresholds that about one in ten normal clips exceeds', async () => {
    const { scorer, events } = await train(system, normals('00', 40));
    const scores = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        scorer.score(clip(`fresh${i}`).waveform!, { sampleRate: RATE, machineId: '00' }),
      ),
    );
    expect(scores.filter(({ isAnomaly }) => isAnomaly).length).toBeLessThanOrEqual(12);
    for (const { anomalyScore, threshold, isAnomaly } of scores)
      expect(isAnomaly).toBe(anomalyScore > threshold);
    expect(events.filter(({ kind }) => kind === 'reading')).toHaveLength(40);
  });

  it('ignores test clips, anomalies and other types', async () => {
    const { scorer } = await train(system, clips);
    const others = [
      clip('t', { split: 'test', hertz: 900 }),
      clip('a', { label: 'anomaly', hertz: 900 }),
      clip('p', { machineType: 'pump', hertz: 900 }),
    ];
    const { scorer: again } = await train(system, [...clips, ...others]);
    expect(await again.toFiles()).toEqual(await scorer.toFiles());
  });

  it('refuses what it cannot use, by name', async () => {
    await expect(train(system, [clip('t', { split: 'test' })])).rejects.toThrow(
      /normal training clips of fan, got none/,
    );
    await expect(
      train(system, [clip('a'), { ...clip('b'), waveform: new Float32Array(RATE / 4) }]),
    ).rejects.toThrow(/length of 00\/b.wav in seconds must be at least 0.5, got 0.25/);
    const { scorer } = await train(system, clips);
    const score = (waveform: Float32Array, machineId?: string) =>
      scorer.score(waveform, { sampleRate: RATE, machineId });
    await expect(score(fault.waveform!, '04')).rejects.toThrow(/machineId must be one of 00, 02, got '04'/);
    await expect(score(fault.waveform!)).rejects.toThrow(/got undefined/);
    await expect(score(Float32Array.of(...fault.waveform!.slice(1), Number.NaN), '00')).rejects.toThrow(
      /must be finite, got NaN/,
    );
  });

  it('stops when asked', async () => {
    const job = {
      clips,
      target: { machineType: 'fan' },
      config: system.resolveConfig(undefined, {}),
      checkpoint: null,
    };
    const signal = AbortSignal.abort();
    await expect(system.train({ ...job, onProgress: () => {}, signal }, platform)).rejects.toThrow(
      /interrupted/,
    );
  });

  it('refuses files that are none of its own, or were altered', async () => {
    const { scorer } = await train(system, clips);
    const text = new TextDecoder().decode((await scorer.toFiles()).get(MODEL_FILE));
    const load = (changed: string) =>
      system.load(new Map([[MODEL_FILE, new TextEncoder().encode(changed)]]), platform);
    const threshold = /"threshold":(-?[\d.]+)/;
    for (const [changed, message] of [
      [text.replace(threshold, '"threshold":99'), /must have the checksum/],
      [text.slice(0, -20), /must be JSON/],
      ['{}', /must hold a model/],
    ] as const) {
      await expect(load(changed)).rejects.toThrow(BundleError);
      await expect(load(changed)).rejects.toThrow(message);
    }
    await expect(system.load(new Map(), platform)).rejects.toThrow(/must hold model.json, got no file/);
    const other = SYSTEMS.find((each) => each !== system)!;
    await expect(other.load(await scorer.toFiles(), platform)).rejects.toThrow(
      `must be of the system '${other.name}'`,
    );
  });

  it.each([
    [{ frontEnd: { nMel: 3 } }, /config\.frontEnd: unknown option 'nMel'. Did you mean 'nMels'/],
    [{ frontEnd: { nMels: 0 } }, /config\.frontEnd\.nMels must be a whole number from 1 to 1024, got 0/],
    [{ seed: 1.5 }, /config\.seed must be a whole number/],
    [{ decision: { falseAlarmRate: 2 } }, /config\.decision\.falseAlarmRate must/],
    [{ decision: null }, /config/],
  ])('refuses the configuration %j', (overrides, message) => {
    expect(() => system.resolveConfig(undefined, overrides)).toThrow(message);
  });
});

describe('machines of few clips', () => {
  it('take their spread from the others of their type', async () => {
    const { scorer, events } = await train(melStatistics, [...normals('00', 8), ...normals('02', 1)]);
    expect(scorer.machineIds).toEqual(['00', '02']);
    expect(events).toContainEqual({
      kind: 'warning',
      message: expect.stringContaining('02 has 1 normal clip(s)'),
    });
  });

  it('cannot be fitted alone', async () => {
    await expect(train(melStatistics, normals('00', 1))).rejects.toThrow(
      /machine ID 00 must have normal clips that differ, got 1/,
    );
  });

  it('leave the rank of twfr-gmm at the mean, with a warning', async () => {
    const { scorer, events } = await train(twfrGmm, normals('00', 3));
    expect(scorer.provenance?.choice).toEqual({ rank: 1 });
    expect(events).toContainEqual({ kind: 'warning', message: expect.stringContaining('"rank":1') });
  });
});

describe('the rank of twfr-gmm', () => {
  /** Of each clip a vector a rank: by the first the machines differ, by the second they do not. */
  const machine = (machineId: string, center: number) => ({
    machineId,
    vectors: Array.from({ length: 8 }, (_, i) => {
      const random = seededRandom(1, `${machineId} ${i}`);
      return [Float64Array.of(center + random(), random()), Float64Array.of(random(), random())];
    }),
  });
  const options = {
    ...{ method: twfrGmmMethod, config: twfrGmmMethod.resolveConfig({}), onProgress: () => {} },
    choices: [{ rank: 0.9 }, { rank: 1 }],
  };

  it('is the one that tells the machines apart', () => {
    expect(chooseVector([machine('00', 0), machine('02', 5)], options)).toBe(0);
  });

  it('is the last, the nearest to the mean, of equals', () => {
    const twice = [machine('00', 0), machine('02', 5)].map(({ machineId, vectors }) => ({
      machineId,
      vectors: vectors.map(([first]) => [first!, first!]),
    }));
    expect(chooseVector(twice, options)).toBe(1);
  });
});
