import type { Clip } from '@serial-oe/datasets';
import { ALL_MACHINE_TYPES, type Target } from '@serial-oe/runtime';
import { trainModel } from '@serial-oe/runtime/contract';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { autoencoder, ddcsadStyle, noisyArcmix, scadacos, ssc, stgramMfn } from '../src/index';
import { SMALL_SYSTEMS } from './support/small-systems';
import { clip, normals, platform, RATE } from './support/sounds';
import { trainSystem } from './support/train-system';

const overridesOf = (name: string) => SMALL_SYSTEMS.find(({ system }) => system.name === name)!.overrides;
const clips: readonly Clip[] = [
  ...normals(6),
  ...normals(6, { machineId: '02' }),
  ...normals(4, { machineType: 'pump' }),
];
const sound = clip('fresh').waveform!;

beforeAll(() => setBackend('wasm'));

it('one network for all types is asked by type and ID, together or apart', async () => {
  const overrides = overridesOf('ssc');
  const { scorer } = await trainSystem(ssc, clips, { target: { machineType: ALL_MACHINE_TYPES }, overrides });
  expect(scorer.machineType).toBeUndefined();
  expect(scorer.machineIds).toEqual(['fan/00', 'fan/02', 'pump/00']);
  const score = (options: { machineType?: string; machineId?: string }) =>
    scorer.score(sound, { sampleRate: RATE, ...options });
  const whole = await score({ machineId: 'pump/00' });
  expect(await score({ machineType: 'pump', machineId: '00' })).toEqual(whole);
  expect(await score({ machineType: 'pump' })).toEqual(whole);
  expect(await score({ machineId: '2' })).toEqual(await score({ machineId: 'fan/02' }));
  await expect(score({ machineId: '00' })).rejects.toThrow(
    /must be one of fan\/00, fan\/02, pump\/00, got '00'/,
  );
  await expect(score({ machineType: 'valve', machineId: '00' })).rejects.toThrow(/of the type 'valve'/);
  expect(new Set(scorer.normalScores!.map(({ machineId }) => machineId))).toEqual(new Set(scorer.machineIds));
  scorer.dispose();
});

it('one network for some types watches these, and takes the others as further classes', async () => {
  const overrides = overridesOf('ssc');
  const more = [...clips, ...normals(4, { machineType: 'valve' })];
  const train = (target: Target) => trainSystem(ssc, more, { target, overrides });
  const target = { machineType: ALL_MACHINE_TYPES, machineTypes: ['pump', 'fan'] };
  const { scorer } = await train(target);
  expect(scorer.machineType).toBeUndefined();
  expect(scorer.machineIds).toEqual(['fan/00', 'fan/02', 'pump/00']);
  expect(scorer.provenance).toMatchObject({ nClasses: 4 });
  const loaded = await ssc.load(await scorer.toFiles(), platform);
  const asked = { sampleRate: RATE, machineId: 'pump/00' };
  expect(await loaded.score(sound, asked)).toEqual(await scorer.score(sound, asked));
  scorer.dispose();
  loaded.dispose();
  const clipsOf = { clips: more, config: ssc.resolveConfig(undefined, overrides) };
  const job = { ...clipsOf, checkpoint: null, onProgress: () => {} };
  const fingerprint = (machineTypes?: string[]) =>
    ssc.fingerprint!({ ...job, target: { machineType: ALL_MACHINE_TYPES, machineTypes } }, platform);
  expect(await fingerprint(['fan'])).not.toBe(await fingerprint());
  const viaModel = await trainModel(ssc, { clips: more, machineType: ['fan'], config: overrides, platform });
  expect(viaModel.machineIds).toEqual(['fan/00', 'fan/02']);
  viaModel.dispose();
  await expect(train({ ...target, machineTypes: ['fan', 'slider'] })).rejects.toThrow(
    /must hold normal training clips of slider, got none/,
  );
  await expect(train({ ...target, machineTypes: [] })).rejects.toThrow(/machineTypes must hold a type/);
  await expect(train({ machineType: 'fan', machineTypes: ['fan'] })).rejects.toThrow(
    /go with machineType 'all'/,
  );
});

it('a network of one type tells its machines from those of other types too', async () => {
  const { scorer } = await trainSystem(ssc, clips, { overrides: overridesOf('ssc') });
  expect(scorer.machineIds).toEqual(['00', '02']);
  expect(scorer.provenance).toMatchObject({ nClasses: 3 });
  scorer.dispose();
});

it('known anomalies change nothing but for ddcsad-style, which has a network for each machine of a type', async () => {
  const anomaly = clip('broken', { label: 'anomaly', hertz: 2900 });
  const before = memory().numTensors;
  for (const [system, changes] of [
    [ssc, false],
    [ddcsadStyle, true],
  ] as const) {
    const overrides = overridesOf(system.name);
    const { scorer } = await trainSystem(system, clips, { overrides });
    const { scorer: other } = await trainSystem(system, [...clips, anomaly], { overrides });
    expect(other.machineIds).toEqual(['00', '02']);
    const scores = await Promise.all(
      [scorer, other].map((each) => each.score(sound, { sampleRate: RATE, machineId: '00' })),
    );
    expect(scores[0]!.anomalyScore !== scores[1]!.anomalyScore).toBe(changes);
    scorer.dispose();
    other.dispose();
  }
  expect(memory().numTensors).toBe(before);
});

it('longer clips are cut into windows whose scores are averaged, shorter ones repeated, much shorter ones refused', async () => {
  const overrides = overridesOf('scadacos'); // windows of 1 s
  const { scorer } = await trainSystem(scadacos, clips, { overrides });
  const score = (seconds: number) =>
    scorer.score(clip('x', { seconds }).waveform!, { sampleRate: RATE, machineId: '00' });
  expect((await score(1)).chunkScores).toHaveLength(1);
  expect((await score(0.8)).chunkScores).toHaveLength(1);
  expect((await score(3)).chunkScores.length).toBeGreaterThanOrEqual(5);
  await expect(score(0.4)).rejects.toThrow(
    /in seconds must be at least 0.50, half of what the network hears/,
  );
  const { data, nRows, nCols } = await scorer.embed!(clip('x', { seconds: 3 }).waveform!, {
    sampleRate: RATE,
  });
  expect([data.length, nCols]).toEqual([nRows * nCols, 8]);
  expect(scorer.input).toMatchObject({ chunkSeconds: 1, clipSeconds: 1.2 });
  scorer.dispose();
});

it('the window is as long as the training clips where nobody says', async () => {
  const overrides = { ...overridesOf('scadacos'), clipSeconds: null };
  const { scorer } = await trainSystem(scadacos, clips, { overrides });
  expect(scorer.input.chunkSeconds).toBeCloseTo(1.2, 6);
  scorer.dispose();
});

it('without held-out clips thresholds are set on the training, and a warning says so', async () => {
  const overrides = { ...overridesOf('ssc'), calibration: { fraction: 0 } };
  const { scorer, events } = await trainSystem(ssc, clips, { overrides });
  expect([...scorer.thresholds!.values()].map(({ calibration }) => calibration.method)).toEqual([
    'training',
    'training',
  ]);
  expect(events).toContainEqual({
    kind: 'warning',
    message: expect.stringContaining('expect more false alarms'),
  });
  scorer.dispose();
});

it('one machine alone is told from nothing', async () => {
  await expect(trainSystem(ssc, normals(6), { overrides: overridesOf('ssc') })).rejects.toThrow(
    /of two machines at least, got those of fan\/00 alone/,
  );
});

it.each(SMALL_SYSTEMS.map((each) => [each.system.name, each] as const))(
  '%s takes a machine of a single clip, and says what its threshold is set on',
  async (_, { system, overrides }) => {
    const few = [...normals(6), ...normals(1, { machineId: '02' })];
    const { scorer, events } = await trainSystem(system, few, { overrides });
    const [ofFew] = scorer.machineIds.filter((machineId) => machineId === '02');
    expect(scorer.thresholds!.get(ofFew!)?.calibration).toMatchObject({ method: 'training', nClips: 1 });
    const { anomalyScore } = await scorer.score(sound, { sampleRate: RATE, machineId: '02' });
    expect(anomalyScore).not.toBeNaN();
    expect(events).toContainEqual({
      kind: 'warning',
      message: expect.stringContaining('machine ID 02: its threshold is set on clips'),
    });
    scorer.dispose();
  },
);

it('variants and scores of the ArcFace networks are their own', async () => {
  const overrides = overridesOf('noisy-arcmix');
  const scores = new Set<number>();
  for (const variant of ['noisyArcMix', 'arcMix', 'arcFace']) {
    const { scorer, events } = await trainSystem(noisyArcmix, clips, {
      overrides: { ...overrides, loss: { variant } },
    });
    scores.add((await scorer.score(sound, { sampleRate: RATE, machineId: '00' })).anomalyScore);
    const epochs = events.filter((event) => event.kind === 'epoch');
    expect(epochs.every(({ validationLoss }) => validationLoss !== null)).toBe(true);
    scorer.dispose();
  }
  for (const kind of ['margin', 'plain', 'gmm']) {
    const { scorer } = await trainSystem(stgramMfn, clips, { overrides: { ...overrides, score: { kind } } });
    scores.add((await scorer.score(sound, { sampleRate: RATE, machineId: '00' })).anomalyScore);
    scorer.dispose();
  }
  expect(scores.size).toBe(6);
});

it('the autoencoder learns a machine more without training', async () => {
  const { scorer } = await trainSystem(autoencoder, clips, { overrides: overridesOf('autoencoder') });
  const recordings = normals(5, { machineId: '05' }).map(({ path, waveform }) => ({
    ...{ path, waveform: waveform!, sampleRate: RATE },
  }));
  const grown = await scorer.withMachine!('05', recordings);
  expect(grown.machineIds).toEqual(['00', '02', '05']);
  const options = { sampleRate: RATE, machineId: '05' };
  const verdict = await grown.score(recordings[0]!.waveform, options);
  expect(verdict.anomalyScore).toBe(grown.normalScores![0]!.anomalyScore);
  await expect(scorer.withMachine!('06', recordings.slice(0, 3))).rejects.toThrow(
    /at least 4 normal recordings/,
  );
  grown.dispose();
});

it('spectrograms are scored as the windows that they are', async () => {
  const { scorer } = await trainSystem(scadacos, clips, { overrides: overridesOf('scadacos') });
  const silent = { data: new Float32Array(16 * 32), nChunks: 1 };
  const score = await scorer.scoreSpectrograms!(silent, '00');
  expect(score.chunkScores).toHaveLength(1);
  expect(Number.isFinite(score.anomalyScore)).toBe(true);
  scorer.dispose();
});
