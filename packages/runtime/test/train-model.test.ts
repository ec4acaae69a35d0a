import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clip } from '@serial-oe/datasets';
import {
  type ClipScorer,
  createBrowserPlatform,
  createEnsemble,
  type DecidingScorer,
  loadModel,
  saveModel,
  type TrainModelOptions,
  trainModel,
} from '../src/contract';
import { createNodePlatform } from '../src/node/files';
import { disposed, madeUp, platform, CLIPS as SHORT } from './support/made-up-system';

/** A second long, so that their levels can be told. */
const CLIPS = SHORT.map((each) => ({ ...each, waveform: new Float32Array(16000).fill(each.waveform![0]!) }));

const system = madeUp('a');
const options = { clips: CLIPS, machineType: 'fan', platform };
const waveform = Float32Array.of(7);
const asked = { sampleRate: 16000, machineId: '00' };

describe('trainModel', () => {
  it('sets thresholds by the normal scores, and keeps how long and how loud the clips were', async () => {
    const scorer = (await trainModel(system, options)) as DecidingScorer;
    const { threshold, severity } = await scorer.score(waveform, asked);
    expect(threshold).toBeGreaterThan(5); // above all normal scores of the machine, 1 to 5
    expect(severity).toBeGreaterThan(0);
    expect(scorer.decisions.clipSeconds).toBe(1);
    expect(scorer.decisions.levels.get('02')).toHaveLength(5);
  });

  it('takes another rate, a configuration, and the day that names tell', async () => {
    const thresholdOf = async (more: Partial<TrainModelOptions>) =>
      (await (await trainModel(system, { ...options, ...more })).score(waveform, asked)).threshold;
    const usual = await thresholdOf({});
    expect(await thresholdOf({ falseAlarmRate: 0.2 })).toBeLessThan(usual);
    expect(await thresholdOf({ config: { scale: 2 } })).toBeCloseTo(2 * usual, 9);
    const dated = CLIPS.map((each, i) => ({ ...each, path: `2026-01-0${1 + (i % 2)}/${i}.wav` }));
    expect(await thresholdOf({ clips: dated })).not.toBe(usual);
  });

  it('says what is wrong, and leaves no scorer behind', async () => {
    const misspelt = { ...options, machinetype: 'fan' } as TrainModelOptions;
    await expect(trainModel(system, misspelt)).rejects.toThrow(/trainModel.*machineType/);
    await expect(trainModel(system, { ...options, preset: 'paper' })).rejects.toThrow('no preset paper');
    const nBefore = disposed.length;
    await expect(trainModel(system, { ...options, falseAlarmRate: 2 })).rejects.toThrow(/falseAlarmRate/);
    expect(disposed).toHaveLength(nBefore + 1);
  });

  it('gives the scorer as it is where there are no normal scores', async () => {
    const scorer = await trainModel(madeUp('b', { tellsScores: false }), options);
    expect(scorer).not.toHaveProperty('decisions');
  });
});

describe('saveModel', () => {
  let folder: string;
  let scorer: ClipScorer;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-save-'));
    const ensemble = createEnsemble({ name: 'ensemble', members: [system] }); // whose files name the system
    scorer = await trainModel(ensemble, options);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const node = createNodePlatform();

  it.each(['model', 'model.serialoe'])('writes %s, which loads to the same scores', async (name) => {
    const target = join(folder, name);
    await saveModel(scorer, target, { platform: node });
    await saveModel(scorer, target, { platform: node }); // a model may be replaced
    const loaded = await loadModel(target, { systems: [system], platform: node });
    expect(await loaded.score(waveform, asked)).toEqual(await scorer.score(waveform, asked));
  });

  it('writes nothing over something else, and nothing in a browser', async () => {
    const taken = mkdtempSync(join(folder, 'notes-'));
    writeFileSync(join(taken, 'notes.txt'), 'mine');
    await expect(saveModel(scorer, taken, { platform: node })).rejects.toThrow(/new folder or a model/);
    await expect(saveModel(scorer, taken, { platform: createBrowserPlatform() })).rejects.toThrow(
      /platform must have files/,
    );
  });
});

it('tells the length of the clips that the normal scores are of, whatever other types have', async () => {
  const long = (each: Clip) => ({ ...each, waveform: new Float32Array(64000) });
  const clips = CLIPS.map((each) => (each.machineType === 'pump' ? long(each) : each));
  const scorer = (await trainModel(system, { ...options, clips })) as DecidingScorer;
  expect(scorer.decisions.clipSeconds).toBe(1);
});
