import type { Clip } from '@serial-oe/datasets';
import {
  type AsdSystem,
  BundleError,
  type ClipScorer,
  createEnsemble,
  ENSEMBLE_FILE,
  TrainingDataError,
  type TrainingProgress,
} from '../src';
import { bytes, CLIPS, clip, disposed, madeUp, platform, text } from './support/made-up-system';

async function train(
  system: ReturnType<typeof createEnsemble>,
  overrides: object = {},
  clips: readonly Clip[] = CLIPS,
) {
  const events: TrainingProgress[] = [];
  const config = system.resolveConfig(undefined, overrides);
  const job = { clips, target: { machineType: 'fan' }, config, checkpoint: null };
  const scorer = await system.train({ ...job, onProgress: (event) => events.push(event) }, platform);
  return { scorer, events };
}

const score = (scorer: ClipScorer, value: number, machineId = '00') =>
  scorer.score(Float32Array.of(value), { sampleRate: 16000, machineId });
// Of 00 (1 to 5) and 02 (10 to 50): four degrees of freedom each, beside five scores of the spread of both.
const POOLED = (10 + 1000) / 8;
const DEVIATION = Math.sqrt((5 * POOLED + 10) / 9);
const DEVIATION_02 = Math.sqrt((5 * POOLED + 1000) / 9);

describe('an ensemble', () => {
  const pair = createEnsemble({
    name: 'both',
    members: [madeUp('plain'), madeUp('reversed', { scale: -2 })],
  });

  it('fuses deviations above the normal scores of the machine, of each system on its own scale', async () => {
    const { scorer } = await train(pair);
    const { anomalyScore, members } = await score(scorer, 8);
    expect(members!.plain).toBeCloseTo(5 / DEVIATION, 12);
    expect(members!.reversed).toBeCloseTo(-5 / DEVIATION, 12);
    expect(anomalyScore).toBe(members!.plain);
    expect((await score(scorer, 8, '02')).members!.plain).toBeCloseTo(-22 / DEVIATION_02, 12);
  });

  it.each([
    ['min', -5],
    ['max', 5],
    ['mean', 0],
  ])('takes the %s', async (fusion, expected) => {
    const { scorer } = await train(pair, { fusion });
    expect((await score(scorer, 8)).anomalyScore).toBeCloseTo(expected / DEVIATION, 12);
  });

  it('sets its threshold on the fused scores of the normal clips', async () => {
    const { scorer, events } = await train(pair, { fusion: 'max', decision: { falseAlarmRate: 0 } });
    const { threshold } = await score(scorer, 3);
    expect(threshold).toBeCloseTo(2 / DEVIATION, 12); // of the clips 1 and 5
    expect((await score(scorer, 5)).isAnomaly).toBe(false);
    expect((await score(scorer, 5.1)).isAnomaly).toBe(true);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'detector', machineId: '02' }));
    expect(scorer.normalScores).toHaveLength(10);
    expect(scorer.normalScores![4]!.anomalyScore).toBeCloseTo(2 / DEVIATION, 12);
  });

  it('saves and loads to the same scores, and the first member`s files stay a model of it', async () => {
    const { scorer } = await train(pair);
    const files = await scorer.toFiles();
    expect([...files.keys()]).toEqual([ENSEMBLE_FILE, 'model.json', 'reversed.model.json']);
    expect(text(files.get('model.json'))).toBe('{"ownScale":1}');
    const loaded = await pair.load(files, platform);
    expect(loaded.machineIds).toEqual(['00', '02']);
    expect(await score(loaded, 8, '02')).toEqual(await score(scorer, 8, '02'));
    expect(await loaded.toFiles()).toEqual(files);
  });

  it.each<[string, (files: Map<string, Uint8Array>) => void, RegExp]>([
    [
      'a member`s altered file',
      (files) => files.set('reversed.model.json', bytes('{"ownScale":3}')),
      /reversed.model.json must have the checksum/,
    ],
    ['a missing file', (files) => files.delete('model.json'), /must hold model.json/],
    [
      'an altered threshold',
      (files) =>
        files.set(
          ENSEMBLE_FILE,
          bytes(text(files.get(ENSEMBLE_FILE)).replace(/"threshold": -?[\d.]+/, '"threshold": 9')),
        ),
      /content of ensemble.json must have the checksum/,
    ],
    ['no ensemble', (files) => files.delete(ENSEMBLE_FILE), /must hold ensemble.json/],
    [
      'half of it',
      (files) => files.set(ENSEMBLE_FILE, files.get(ENSEMBLE_FILE)!.slice(0, 50)),
      /must be JSON/,
    ],
    ['something else', (files) => files.set(ENSEMBLE_FILE, bytes('{}')), /must be a serial-oe-ensemble/],
  ])('refuses %s', async (_, change, message) => {
    const files = new Map(await (await train(pair)).scorer.toFiles());
    change(files);
    await expect(pair.load(files, platform)).rejects.toThrow(BundleError);
    await expect(pair.load(files, platform)).rejects.toThrow(message);
  });

  it('refuses a member that it has not', async () => {
    const { scorer } = await train(pair);
    const other = createEnsemble({ name: 'other', members: [madeUp('plain')] });
    await expect(other.load(await scorer.toFiles(), platform)).rejects.toThrow(/holds the system 'reversed'/);
  });

  it('leaves out what the data do not suffice for, with a warning', async () => {
    const system = createEnsemble({
      name: 'both',
      members: [madeUp('network', { needsOutliers: true }), madeUp('plain')],
    });
    const fans = CLIPS.filter(({ machineType }) => machineType === 'fan');
    const { scorer, events } = await train(system, {}, fans);
    expect(events).toContainEqual({
      kind: 'warning',
      message: expect.stringMatching(/^network is left out .* needs other types/),
    });
    expect((await score(scorer, 8)).members).toEqual({ plain: expect.closeTo(5 / DEVIATION, 12) });
    expect([...(await scorer.toFiles()).keys()]).toEqual([ENSEMBLE_FILE, 'model.json']);
    const alone = createEnsemble({ name: 'one', members: [madeUp('network', { needsOutliers: true })] });
    await expect(train(alone, {}, fans)).rejects.toThrow(TrainingDataError);
  });

  it('scores the normal clips itself where a system does not tell', async () => {
    const system = createEnsemble({
      name: 'both',
      members: [madeUp('quiet', { tellsScores: false }), madeUp('plain')],
    });
    const { members } = await score((await train(system)).scorer, 8);
    expect(members!.quiet).toBeCloseTo(members!.plain!, 12);
  });

  it('lends a machine of few clips the spread of the others', async () => {
    const few = [...CLIPS.slice(0, 5), clip('02', 100, 0)];
    const { scorer } = await train(pair, { fusion: 'max' }, few);
    expect((await score(scorer, 100 + Math.sqrt(2.5), '02')).anomalyScore).toBeCloseTo(1, 6);
    // Its one clip scores 0 by every member: as a threshold that would call every second clip anomalous.
    const { threshold } = await score(scorer, 100, '02');
    expect(threshold).toBe((await score(scorer, 3, '00')).threshold);
    expect(threshold).toBeGreaterThan(1);
  });

  it('asks for a machine that it knows', async () => {
    const { scorer } = await train(pair);
    await expect(score(scorer, 1, '07')).rejects.toThrow(/machineId must be one of 00, 02, got '07'/);
    await expect(scorer.score(Float32Array.of(1), { sampleRate: 16000 })).rejects.toThrow(/got undefined/);
  });

  it('disposes its members, also where a later one fails', async () => {
    disposed.length = 0;
    (await train(pair)).scorer.dispose();
    expect(disposed).toEqual(['plain', 'reversed']);
    disposed.length = 0;
    const failing = {
      ...madeUp('failing'),
      train: () => Promise.reject(new Error('disk')),
    } as unknown as AsdSystem;
    await expect(
      train(createEnsemble({ name: 'x', members: [madeUp('plain') as AsdSystem, failing] })),
    ).rejects.toThrow('disk');
    expect(disposed).toEqual(['plain']);
  });

  it('resolves the configurations of its members with one seed, and the preset for the first', () => {
    const config = pair.resolveConfig('quick', { seed: 4, members: { reversed: { scale: 3 } } });
    expect(config).toEqual({
      ...{ seed: 4, fusion: 'max', decision: { falseAlarmRate: 0.1 } },
      members: { plain: { seed: 4, scale: 1 }, reversed: { seed: 4, scale: 3 } },
    });
    expect(pair.resolveConfig(undefined, config)).toEqual(config);
    expect(pair.countUpdates(config, [], { machineType: 'fan' })).toBe(14);
  });

  it.each([
    [{ fusion: 'median' }, /config.fusion must be one of/],
    [{ members: { other: {} } }, /members must name plain, reversed, got 'other'/],
    [{ fusio: 'min' }, /unknown option 'fusio'. Did you mean 'fusion'/],
    [{ decision: { falseAlarmRate: 1 } }, /falseAlarmRate must/],
    [{ seed: -1 }, /config.seed must/],
  ])('refuses the configuration %j', (overrides, message) => {
    expect(() => pair.resolveConfig(undefined, overrides)).toThrow(message);
  });

  it.each([
    [{ name: 'x', members: [] }, /at least one system/],
    [{ name: 'x', members: [madeUp('a'), madeUp('a')] }, /got 'a' twice/],
    [{ name: 'x', members: [madeUp('a')], fusion: 'vote' }, /fusion must be one of/],
  ])('refuses %j', (options, message) => {
    expect(() => createEnsemble(options as never)).toThrow(message);
  });

  describe('that is tuned further', () => {
    const first = madeUp('plain');
    const started: Record<string, string | undefined> = {};
    const watched = (system: AsdSystem): AsdSystem => ({
      ...system,
      train: (job, host) => {
        started[system.name] = job.startFrom && text(job.startFrom.get('model.json'));
        return system.train(job, host);
      },
    });
    const tunable: AsdSystem = { ...watched(first), finetuneConfig: (config) => ({ ...config, scale: 3 }) };
    const tuned = createEnsemble({
      name: 'both',
      members: [tunable, watched(madeUp('reversed', { scale: -2 }))],
    });

    it('tunes the members that can be tuned, and trains the others anew', async () => {
      const config = tuned.resolveConfig(undefined, { seed: 4, members: { reversed: { scale: -5 } } });
      const changed = tuned.finetuneConfig!(config, { decision: { falseAlarmRate: 0.2 } });
      expect(changed).toEqual({
        ...config,
        decision: { falseAlarmRate: 0.2 },
        members: { plain: { seed: 4, scale: 3 }, reversed: { seed: 4, scale: -5 } },
      });
      expect(() => tuned.finetuneConfig!(config, { members: { other: {} } })).toThrow(
        /must name plain, reversed/,
      );
      expect(pair.finetuneConfig).toBeUndefined();
    });

    it('hands each member its own files, and none to one that was left out', async () => {
      const heldOutClips = [{ ...clip('00', 3, 8), label: 'anomaly' as const }];
      const job = { clips: CLIPS, target: { machineType: 'fan' }, checkpoint: null, onProgress: () => {} };
      const config = tuned.resolveConfig(undefined, {});
      const files = await (await tuned.train({ ...job, config, heldOutClips }, platform)).toFiles();
      const again = await tuned.train({ ...job, config, startFrom: files }, platform);
      expect(started).toEqual({ plain: '{"ownScale":1}', reversed: '{"ownScale":-2}' });
      expect(again.provenance!.heldOutClips).toEqual(['fan/00/8.wav']);
      const alone = createEnsemble({ name: 'both', members: [first] });
      const own = alone.resolveConfig(undefined, {});
      const startFrom = await (await alone.train({ ...job, config: own }, platform)).toFiles();
      await tuned.train({ ...job, config, startFrom }, platform);
      expect(started).toEqual({ plain: '{"ownScale":1}', reversed: undefined });
    });
  });
});
