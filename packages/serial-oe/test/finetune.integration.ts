import '@tensorflow/tfjs-backend-wasm';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodePlatform } from '@serial-oe/runtime/node';
import {
  evaluateSerialOe,
  finetuneConfig,
  loadSerialOe,
  type SerialOeModel,
  serialOeSystem,
  TrainingInterruptedError,
  type TrainingProgress,
  toBundleFiles,
  trainSerialOe,
} from '@serial-oe/serial-oe';
import { memory } from '@tensorflow/tfjs-core';
import { TINY_CONFIG, tinyDataset } from './support/tiny-dataset';

const dataset = tinyDataset();
const CONFIG = { ...TINY_CONFIG, validation: { fraction: 0.3 } };
const faulty = dataset.clips.filter(
  ({ machineType, label, split }) => machineType === 'fan' && label === 'anomaly' && split === 'test',
);
const anomalies = faulty.slice(0, 2);
const clip = faulty[2]!;
const sound = { sampleRate: clip.sampleRate!, machineId: clip.machineId };

function essence(model: SerialOeModel) {
  const weights = [...model.parts.weights].map(([name, { data }]) => [name, Array.from(data)]);
  const detectors = [...model.detectors].map(([id, { threshold }]) => [id, threshold]);
  return JSON.stringify({ weights, detectors });
}

/** Largest distance between weights of two models. */
function distance(a: SerialOeModel, b: SerialOeModel, counts: (name: string) => boolean): number {
  let largest = 0;
  for (const [name, { data }] of a.parts.weights) {
    if (!counts(name)) continue;
    const other = b.parts.weights.get(name)!.data;
    data.forEach((value, i) => {
      largest = Math.max(largest, Math.abs(value - other[i]!));
    });
  }
  return largest;
}

describe('a model that is tuned further', () => {
  let folder: string;
  let model: SerialOeModel;
  let tuned: SerialOeModel;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-finetune-'));
    model = await trainSerialOe({ dataset, machineType: 'fan', backend: 'wasm', config: CONFIG });
    tuned = await model.finetune({ anomalies });
  });

  afterAll(() => {
    model.dispose();
    tuned.dispose();
    rmSync(folder, { recursive: true });
  });

  it('goes on from the weights, sound levels and held-out clips of the first, which stays as it is', async () => {
    const before = essence(model);
    // A learning rate of next to nothing: the weights are those that it started from, but for running statistics.
    const config = { optimization: { maxLearningRate: 1e-12, nEpochs: 1 } };
    const same = await model.finetune({ anomalies }, { config });
    const isTrained = (name: string) => !/running_(mean|var)/.test(name);
    expect(distance(model, same, isTrained)).toBeLessThan(1e-8);
    same.dispose();
    expect(distance(model, tuned, isTrained)).toBeGreaterThan(1e-4);
    expect(tuned.parts.amplitude).toEqual(model.parts.amplitude);
    expect(tuned.provenance.validationClips).toEqual(model.provenance.validationClips);
    expect(tuned.provenance.validationClips).toHaveLength(8); // 2 of 6 clips of each of 4 machines
    expect(essence(model)).toBe(before);
  });

  it('says where it comes from, and what is known of it', () => {
    const { finetunedFrom, nKnownAnomalies, heldOutClips, nSteps } = tuned.provenance;
    expect(nKnownAnomalies).toBe(2);
    expect(heldOutClips).toEqual(anomalies.map(({ path }) => `fan/00/${path.split('/').pop()}`));
    expect(finetunedFrom).toMatchObject({ trainedAt: model.provenance.trainedAt, nSteps: 4 });
    expect(finetunedFrom!.weights).toMatch(/^[0-9a-f]{64}$/);
    expect(nSteps).toBe(4);
    expect(model.provenance.finetunedFrom).toBeUndefined();
  });

  it('is not tested on what it was tuned with', async () => {
    const { nHeldOut, results } = await evaluateSerialOe(tuned, { dataset });
    expect(nHeldOut).toBe(2);
    expect(results.some(({ path }) => path === anomalies[0]!.path)).toBe(false);
  });

  it('is saved and loaded; a loaded one needs the recordings and tunes to the same, bit for bit', async () => {
    const target = join(folder, 'model');
    await model.save(target);
    const loaded = await loadSerialOe(target);
    await expect(loaded.finetune({ anomalies })).rejects.toThrow(
      /finetune: dataset must hold the recordings that the model was trained on.*got undefined/,
    );
    const again = await loaded.finetune({ anomalies }, { dataset });
    expect(essence(again)).toBe(essence(tuned));
    expect(again.score(clip.waveform!, sound)).toEqual(tuned.score(clip.waveform!, sound));
    await again.save(join(folder, 'tuned'));
    const saved = await loadSerialOe(join(folder, 'tuned'));
    expect(saved.provenance).toEqual({ ...again.provenance });
    for (const each of [loaded, again, saved]) each.dispose();
  });

  it('is the same behind the contract of detection systems, where startFrom holds the files', async () => {
    const { waveform, sampleRate } = anomalies[0]!;
    const startFrom = await toBundleFiles(model.parts);
    const known = anomalies.map((each) => ({ ...each, split: 'train' as const }));
    const clips = [
      ...dataset.clips.filter(({ path }) => known.every((each) => each.path !== path)),
      ...known,
    ];
    const config = serialOeSystem.finetuneConfig!(model.config, {});
    const job = { clips, target: { machineType: 'fan' }, config, startFrom, checkpoint: null };
    const scorer = await serialOeSystem.train({ ...job, onProgress: () => {} }, createNodePlatform());
    const options = { sampleRate: sampleRate!, machineId: '00' };
    expect(await scorer.score(waveform!, options)).toEqual(tuned.score(waveform!, options));
    scorer.dispose();
    const other = { ...job, target: { machineType: 'pump' }, onProgress: () => {} };
    await expect(serialOeSystem.train(other, createNodePlatform())).rejects.toThrow(
      /machineType must be that of the model that is tuned further, fan, got pump/,
    );
  });

  it('resumes to the same result, and not as another training', async () => {
    const controller = new AbortController();
    const checkpointDir = join(folder, 'checkpoint');
    const stopped = model.finetune(
      { anomalies },
      {
        checkpointDir,
        signal: controller.signal,
        onProgress: (event) => {
          if (event.kind === 'step' && event.nDone === 3) controller.abort();
        },
      },
    );
    await expect(stopped).rejects.toThrow(TrainingInterruptedError);
    await expect(tuned.finetune({ anomalies }, { checkpointDir, resume: true })).rejects.toThrow(
      /differs in model tuned further/,
    );
    const events: TrainingProgress[] = [];
    const onProgress = (event: TrainingProgress) => events.push(event);
    const resumed = await model.finetune({ anomalies }, { checkpointDir, resume: true, onProgress });
    expect(events.filter(({ kind }) => kind === 'resumed')).toHaveLength(1);
    expect(essence(resumed)).toBe(essence(tuned));
    resumed.dispose();
  });

  it('takes recordings in memory, and normal ones of a machine that is new', async () => {
    const { numTensors } = memory();
    const ofPump = dataset.clips.filter(
      ({ machineType, split }) => machineType === 'pump' && split === 'train',
    );
    const { sampleRate, waveform } = anomalies[0]!;
    const normals = ofPump.map((each) => ({
      machineId: '07',
      waveform: each.waveform!,
      sampleRate: sampleRate!,
    }));
    const third = { machineId: '0', waveform: waveform!, sampleRate: sampleRate! };
    const grown = await tuned.finetune({ anomalies: [third], normals }, { dataset });
    expect(grown.machineIds).toEqual(['00', '02', '07']);
    expect(grown.parts.nHeadOutputs).toBe(3);
    expect(grown.provenance.heldOutClips).toEqual(tuned.provenance.heldOutClips);
    expect(grown.provenance.finetunedFrom!.nSteps).toBe(8);
    grown.dispose();
    expect(memory().numTensors).toBe(numTensors);
  });

  it.each<[string, object, object, RegExp]>([
    ['nothing', {}, {}, /anomalies or normals must hold at least one recording, got none of both/],
    [
      'an unknown option',
      { anomalies },
      { dataSet: dataset },
      /unknown option 'dataSet'. Did you mean 'dataset'/,
    ],
    ['a preset', { anomalies }, { preset: 'paper' }, /unknown option 'preset'/],
    ['no machine ID', { anomalies: [{ path: 'a.wav' }] }, {}, /anomalies\[0\]\.machineId must be a name/],
    ['no sound', { normals: [{ machineId: '00' }] }, {}, /normals\[0\] must hold a path or a waveform/],
    [
      'another network',
      { anomalies },
      { config: { network: { embeddingSize: 16 } } },
      /config\.network\.embeddingSize must be 8 as in the model/,
    ],
  ])('refuses %s', async (_, recordings, options, message) => {
    await expect(model.finetune(recordings, options)).rejects.toThrow(message);
  });

  it('learns more slowly than a training, and a second time no slower still', () => {
    const { optimization, batch, validation } = finetuneConfig(serialOeSystem.resolveConfig('quick', {}));
    expect(optimization).toMatchObject({ nEpochs: 10, maxLearningRate: 5e-4 });
    expect(batch.nAnomalous).toBe(4);
    expect(validation.selection).toBe('last');
    const once = finetuneConfig(
      serialOeSystem.resolveConfig('quick', { seed: 3, validation: { selection: 7 } }),
    );
    expect(finetuneConfig(once)).toEqual(once);
    expect(finetuneConfig(once, { optimization: { nEpochs: 2 } }).optimization).toEqual({
      ...once.optimization,
      nEpochs: 2,
    });
  });
});
