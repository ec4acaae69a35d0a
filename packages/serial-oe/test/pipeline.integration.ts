import '@tensorflow/tfjs-backend-wasm';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BundleError,
  CheckpointError,
  evaluateSerialOe,
  loadSerialOe,
  MANIFEST_FILE,
  type SerialOeModel,
  TrainingDataError,
  TrainingInterruptedError,
  type TrainingProgress,
  trainSerialOe,
  UnknownMachineIdError,
} from '@serial-oe/serial-oe';
import { memory } from '@tensorflow/tfjs-core';
import { manifestChecksum } from '../src/model/manifest-checksum';
import { TINY_CONFIG, tinyDataset } from './support/tiny-dataset';

const dataset = tinyDataset();
const options = { dataset, machineType: 'fan', backend: 'wasm', config: TINY_CONFIG } as const;
const clipOf = (machineId: string, label: 'normal' | 'anomaly') =>
  dataset.clips.find(
    (clip) =>
      clip.machineType === 'fan' &&
      clip.machineId === machineId &&
      clip.label === label &&
      clip.split === 'test',
  )!;

/** Everything that training decides. */
function essence(model: SerialOeModel) {
  const weights = [...model.parts.weights].map(([name, { data }]) => [name, Array.from(data)]);
  const detectors = [...model.detectors].map(([id, { mixture, threshold }]) => [
    id,
    mixture.toJSON(),
    threshold,
  ]);
  const history = model.provenance.history.map(({ loss, typeLoss, idLoss }) => [loss, typeLoss, idLoss]);
  return JSON.stringify({ weights, detectors, history });
}

describe('the pipeline on the WASM backend', () => {
  let folder: string;
  let model: SerialOeModel;
  const events: TrainingProgress[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-pipeline-'));
    model = await trainSerialOe({ ...options, onProgress: (event) => events.push(event) });
  });

  afterAll(() => {
    model.dispose();
    rmSync(folder, { recursive: true });
  });

  it('reports every stage', () => {
    const steps = events.filter((event) => event.kind === 'step');
    expect(steps).toHaveLength(6);
    expect(steps.at(-1)).toMatchObject({ epoch: 1, nEpochs: 2, nDone: 6, nTotal: 6, secondsLeft: 0 });
    expect(events.filter((event) => event.kind === 'reading').at(-1)).toMatchObject({
      nDone: 24,
      nTotal: 24,
    });
    expect(events.filter((event) => event.kind === 'epoch')).toHaveLength(2);
    expect(events.filter((event) => event.kind === 'embedding').at(-1)).toMatchObject({
      nDone: 12,
      nTotal: 12,
    });
    expect(events.filter((event) => event.kind === 'detector').map(({ machineId }) => machineId)).toEqual([
      '00',
      '02',
    ]);
  });

  it('keeps the number of tensors over the epochs', () => {
    const nTensors = model.provenance.history.map((epoch) => epoch.nTensors);
    expect(new Set(nTensors).size).toBe(1);
  });

  it('scores clips by the detector of their machine', () => {
    const { waveform, sampleRate } = clipOf('00', 'normal');
    const score = model.score(waveform!, { machineId: '00', sampleRate: sampleRate! });
    expect(score.chunkScores).toHaveLength(4); // ceil(2 * 2 s / 1 s)
    expect(Number.isFinite(score.anomalyScore)).toBe(true);
    expect(score.isAnomaly).toBe(score.anomalyScore > score.threshold);
    expect(score.threshold).toBe(model.detectors.get('00')!.threshold);
    expect(model.score(waveform!, { machineId: '02', sampleRate: sampleRate! }).anomalyScore).not.toBe(
      score.anomalyScore,
    );
  });

  it('gives the same result for the same seed, with and without worker threads', async () => {
    const inline = await trainSerialOe({ ...options, featureWorkers: 0 });
    const two = await trainSerialOe({ ...options, featureWorkers: 2 });
    expect(essence(inline)).toBe(essence(model));
    expect(essence(two)).toBe(essence(model));
    const other = await trainSerialOe({ ...options, config: { ...TINY_CONFIG, seed: 1 } });
    expect(essence(other)).not.toBe(essence(model));
    for (const each of [inline, two, other]) each.dispose();
  });

  it.each([2, 4])(
    'resumes to the same result, bit for bit, when stopped after step %i',
    async (stopAfter) => {
      const checkpointDir = join(folder, `checkpoint-${stopAfter}`);
      const controller = new AbortController();
      const interrupted = trainSerialOe({
        ...options,
        checkpointDir,
        signal: controller.signal,
        onProgress: (event) => {
          if (event.kind === 'step' && event.nDone === stopAfter) controller.abort();
        },
      });
      await expect(interrupted).rejects.toThrow(TrainingInterruptedError);
      await expect(trainSerialOe({ ...options, checkpointDir })).rejects.toThrow(CheckpointError);
      const resumedFrom: TrainingProgress[] = [];
      const resumed = await trainSerialOe({
        ...options,
        checkpointDir,
        resume: true,
        onProgress: (event) => {
          if (event.kind === 'resumed') resumedFrom.push(event);
        },
      });
      expect(resumedFrom).toMatchObject([{ epoch: Math.floor(stopAfter / 3), stepInEpoch: stopAfter % 3 }]);
      expect(essence(resumed)).toBe(essence(model));
      resumed.dispose();
    },
  );

  it('writes checkpoints within an epoch as well, when it is time', async () => {
    const seen: string[] = [];
    const run = await trainSerialOe({
      ...options,
      checkpointDir: join(folder, 'often'),
      checkpointEverySeconds: 0,
      onProgress: ({ kind }) => seen.push(kind),
    });
    expect(seen.filter((kind) => kind === 'step')).toHaveLength(6);
    expect(seen.filter((kind) => kind === 'checkpoint')).toHaveLength(6);
    expect(essence(run)).toBe(essence(model));
    run.dispose();
  });

  it.each([
    [1, [2, 4, 6]],
    [2, [4, 6]],
  ])('writes a checkpoint at the end of every %i. epoch', async (checkpointEveryEpochs, expected) => {
    const run = {
      ...options,
      config: { ...TINY_CONFIG, batch: { nNormal: 6, nOutliers: 6 }, optimization: { nEpochs: 3 } },
    };
    const saved: number[] = [];
    let nDone = 0;
    const trained = await trainSerialOe({
      ...run,
      checkpointDir: join(folder, `every-${checkpointEveryEpochs}`),
      checkpointEverySeconds: Number.POSITIVE_INFINITY,
      checkpointEveryEpochs,
      onProgress: (event) => {
        if (event.kind === 'step') nDone = event.nDone;
        if (event.kind === 'checkpoint') saved.push(nDone);
      },
    });
    trained.dispose();
    expect(saved).toEqual(expected);
    await expect(trainSerialOe({ ...run, checkpointEveryEpochs: 0.5 })).rejects.toThrow(
      /checkpointEveryEpochs must be a whole number of at least 1, got 0.5/,
    );
  });

  it('warns of an extractor that embeds everything alike', () => {
    const warnings = events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []));
    expect(warnings).toEqual([expect.stringMatching(/embeds all normal clips nearly alike.*more epochs/)]);
  });

  it('refuses to resume another run, naming what differs', async () => {
    const checkpointDir = join(folder, 'checkpoint-2');
    const other = trainSerialOe({
      ...options,
      checkpointDir,
      resume: true,
      config: { ...TINY_CONFIG, seed: 3 },
    });
    await expect(other).rejects.toThrow(/differs in seed \(0 there, 3 here\)/);
    writeFileSync(join(checkpointDir, 'checkpoint.safetensors'), 'nonsense');
    await expect(trainSerialOe({ ...options, checkpointDir, resume: true })).rejects.toThrow(
      /cannot be read/,
    );
  });

  it.each(['fan-model', 'fan-model.zip'])('saves to %s and loads it with the same scores', async (name) => {
    const target = join(folder, name);
    await model.save(target);
    await model.save(target); // replaces it
    const loaded = await loadSerialOe(target);
    const { waveform, sampleRate } = clipOf('02', 'anomaly');
    const score = { machineId: '02', sampleRate: sampleRate! };
    expect(loaded.score(waveform!, score)).toEqual(model.score(waveform!, score));
    expect(loaded.config).toEqual(model.config);
    expect(loaded.provenance).toEqual(model.provenance);
    if (name.endsWith('.zip')) {
      const fromBytes = await loadSerialOe(new Uint8Array(readFileSync(target)));
      expect(fromBytes.score(waveform!, score)).toEqual(model.score(waveform!, score));
      fromBytes.dispose();
    }
    loaded.dispose();
    expect(readdirSync(folder).filter((entry) => entry.endsWith('.tmp'))).toEqual([]);
  });

  it('scores without SIMD too, by tfjs, and says so', async () => {
    const target = join(folder, 'without-simd');
    await model.save(target);
    expect(model.operations).toMatch(/^wasm-(relaxed-)?simd$/);
    const warnings: string[] = [];
    const validate = jest.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    const loaded = await loadSerialOe(target, { onWarning: (message) => warnings.push(message) });
    validate.mockRestore();
    expect(loaded.operations).toBe('tfjs');
    expect(warnings).toEqual([expect.stringContaining('scoring takes more than twice as long here')]);
    const { waveform, sampleRate } = clipOf('02', 'anomaly');
    const score = { machineId: '02', sampleRate: sampleRate! };
    const [actual, expected] = [loaded.score(waveform!, score), model.score(waveform!, score)];
    expect(Math.abs(actual.anomalyScore / expected.anomalyScore - 1)).toBeLessThan(1e-3);
    loaded.dispose();
  });

  it('names what is wrong with a bundle', async () => {
    const bundle = join(folder, 'broken');
    await model.save(bundle);
    const manifestFile = join(bundle, 'manifest.json');
    const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
    const write = (changes: object) => {
      const changed = { ...manifest, ...changes };
      changed.checksums = {
        ...manifest.checksums,
        [MANIFEST_FILE]: manifestChecksum(changed, MANIFEST_FILE),
      };
      writeFileSync(manifestFile, JSON.stringify(changed));
    };

    write({ formatVersion: 99 });
    await expect(loadSerialOe(bundle)).rejects.toMatchObject({ name: 'BundleError', problem: 'version' });
    write({ format: 'other' });
    await expect(loadSerialOe(bundle)).rejects.toMatchObject({ problem: 'format' });
    write({ amplitude: { mean: 0, std: 0 } });
    await expect(loadSerialOe(bundle)).rejects.toThrow(/amplitude must hold a mean and a positive std/);
    const { batch, ...config } = manifest.config;
    write({ config: { ...config, batch: { ...batch, nMels: 64 } } });
    await expect(loadSerialOe(bundle)).rejects.toThrow(
      /config.batch.nMels is unknown. Did you mean frontEnd.nMels\? It stands in manifest.json/,
    );
    write({ config });
    await expect(loadSerialOe(bundle)).rejects.toThrow(/config.batch must be an object, got undefined/);
    write({ config: null });
    await expect(loadSerialOe(bundle)).rejects.toMatchObject({ name: 'BundleError', problem: 'manifest' });
    write({ provenance: { ...manifest.provenance, heldOutClips: undefined } });
    await expect(loadSerialOe(bundle)).rejects.toThrow(/provenance must hold heldOutClips and history/);
    write({ nHeadOutputs: 5 });
    await expect(loadSerialOe(bundle)).rejects.toMatchObject({ problem: 'weights' });
    writeFileSync(manifestFile, JSON.stringify({ ...manifest, machineType: 'pump' }));
    await expect(loadSerialOe(bundle)).rejects.toMatchObject({ problem: 'checksum' });
    write({});
    const weightsFile = join(bundle, 'weights.safetensors');
    const weights = readFileSync(weightsFile);
    writeFileSync(weightsFile, weights.subarray(0, weights.length - 4));
    await expect(loadSerialOe(bundle)).rejects.toMatchObject({ problem: 'checksum' });
    rmSync(weightsFile);
    await expect(loadSerialOe(bundle)).rejects.toMatchObject({ problem: 'missing' });
    await expect(loadSerialOe(join(folder, 'nothing'))).rejects.toThrow(BundleError);
    await expect(model.save(tmpdir())).rejects.toThrow(/must be a new folder or a model/);
  });

  it('refuses arguments of another shape by name', async () => {
    await expect(trainSerialOe({ ...options, dataset: dataset.clips as never })).rejects.toThrow(
      /dataset must be a data set \{ clips \}, got an array/,
    );
    await expect(trainSerialOe(undefined as never)).rejects.toThrow(/dataset must be a data set/);
    await expect(loadSerialOe(undefined as never)).rejects.toThrow(
      /source must be a path, a URL or the bytes/,
    );
    const { waveform } = clipOf('00', 'normal');
    expect(() => model.score(waveform!, undefined as never)).toThrow(/options must be \{ sampleRate/);
  });

  it('refuses bad input by name', () => {
    const { waveform, sampleRate } = clipOf('00', 'normal');
    const score =
      (samples: Float32Array, change: object = {}) =>
      () =>
        model.score(samples, { machineId: '00', sampleRate: sampleRate!, ...change });
    expect(score(waveform!, { machineId: '07' })).toThrow(UnknownMachineIdError);
    expect(score(waveform!, { machineId: undefined })).toThrow(
      /machineId must be one of 00, 02, got undefined/,
    );
    expect(score(waveform!.slice(0, 100))).toThrow(/at least 1 s long/);
    expect(score(new Float32Array(0))).toThrow(RangeError);
    expect(score(Float32Array.of(...waveform!.slice(0, 20000), Number.NaN))).toThrow(
      /must be finite, got NaN at sample 20000/,
    );
    expect(score(waveform!, { sampleRate: 0 })).toThrow(/sampleRate must be a positive number/);
    expect(score(waveform!, { sampleRate: undefined })).toThrow(/sampleRate/);
    expect(score([1, 2] as unknown as Float32Array)).toThrow(TypeError);
  });

  it('resamples what comes at another rate', () => {
    const { waveform, sampleRate } = clipOf('00', 'normal');
    const score = model.score(waveform!, { machineId: '00', sampleRate: sampleRate! * 2 });
    expect(score.chunkScores).toHaveLength(2); // half as long
  });

  it('gives a new machine a detector without training', async () => {
    const waveforms = dataset.clips
      .filter((clip) => clip.machineType === 'pump' && clip.split === 'train')
      .map((clip) => clip.waveform!);
    await model.addMachineId('new', { waveforms, sampleRate: 16000 });
    expect(model.machineIds).toEqual(['00', '02', 'new']);
    const { isAnomaly } = model.score(waveforms[0]!, { machineId: 'new', sampleRate: 16000 });
    expect(isAnomaly).toBe(false);
    await expect(model.addMachineId('none', { waveforms: [], sampleRate: 16000 })).rejects.toThrow(
      /at least one normal recording/,
    );
    model.parts.detectors.delete('new');
  });

  it('evaluates its type', async () => {
    const { results, summary, decisions } = await evaluateSerialOe(model, { dataset });
    expect(results).toHaveLength(12);
    expect(summary.perId.map(({ machineId }) => machineId)).toEqual(['00', '02']);
    expect(decisions.every(({ aucInterval }) => aucInterval !== null)).toBe(true);
    const normal = { clips: dataset.clips.filter(({ label }) => label === 'normal') };
    const oneClass = await evaluateSerialOe(model, { dataset: normal });
    expect(oneClass.summary.perId).toMatchObject([{ auc: null }, { auc: null }]);
    const other = { clips: dataset.clips.filter(({ machineType }) => machineType === 'pump') };
    await expect(evaluateSerialOe(model, { dataset: other })).rejects.toThrow(TrainingDataError);
  });

  it.each(['crossEntropy', 'arcFace', 'subClusterAdaCos'] as const)(
    'trains with %s and resumes',
    async (idLoss) => {
      const checkpointDir = join(folder, idLoss);
      const config = { ...TINY_CONFIG, loss: { idLoss }, optimization: { nEpochs: 1 } };
      const whole = await trainSerialOe({ ...options, config });
      const controller = new AbortController();
      const run = { ...options, config, checkpointDir, signal: controller.signal };
      const onProgress = (event: TrainingProgress) =>
        event.kind === 'step' && event.nDone === 1 && controller.abort();
      await expect(trainSerialOe({ ...run, onProgress })).rejects.toThrow(TrainingInterruptedError);
      const resumed = await trainSerialOe({ ...options, config, checkpointDir, resume: true });
      expect(essence(resumed)).toBe(essence(whole));
      for (const each of [whole, resumed]) each.dispose();
    },
  );

  it('trains without machine IDs: one detector for the type', async () => {
    const config = { ...TINY_CONFIG, useMachineIds: false, optimization: { nEpochs: 1 } };
    const typeWide = await trainSerialOe({ ...options, config });
    expect(typeWide.machineIds).toEqual(['all']);
    expect(typeWide.provenance.history[0]!.idLoss).toBeNull();
    const { waveform, sampleRate } = clipOf('00', 'normal');
    const { anomalyScore } = typeWide.score(waveform!, { sampleRate: sampleRate! });
    expect(typeWide.score(waveform!, { machineId: '00', sampleRate: sampleRate! }).anomalyScore).toBe(
      anomalyScore,
    );
    typeWide.dispose();
  });

  it('fits on held-out clips and measures a validation loss as the reference does', async () => {
    const config = {
      ...TINY_CONFIG,
      validation: { fraction: 0.4, everyEpochs: 1 },
      detector: { fitOn: 'validation', nComponents: 1 },
    } as const;
    const reference = await trainSerialOe({ ...options, preset: 'reference', config });
    expect(reference.provenance.nValidationClips).toBe(4);
    expect(reference.provenance.history.every(({ validationLoss }) => validationLoss! > 0)).toBe(true);
    reference.dispose();
  });

  it('names every unusable clip before training', async () => {
    const clips = dataset.clips.map((clip, i) =>
      i === 0
        ? { ...clip, waveform: clip.waveform!.slice(0, 50) }
        : i === 1
          ? { ...clip, waveform: new Float32Array(40000).fill(Number.NaN) }
          : clip,
    );
    const broken = trainSerialOe({ ...options, dataset: { clips } });
    await expect(broken).rejects.toThrow(TrainingDataError);
    await expect(trainSerialOe({ ...options, dataset: { clips } })).rejects.toThrow(
      /2 that are not:[\s\S]*00000000[\s\S]*00000001/,
    );
  });

  it('says before the training that its detectors cannot be fitted', async () => {
    const kinds: string[] = [];
    const training = trainSerialOe({
      ...options,
      config: { ...TINY_CONFIG, detector: { ...TINY_CONFIG.detector, nComponents: 100 } },
      onProgress: ({ kind }) => kinds.push(kind),
    });
    await expect(training).rejects.toThrow(TrainingDataError);
    await expect(training).rejects.toThrow(/at least 100 chunks to be fitted on, but machine ID 00 has/);
    expect(kinds).toContain('reading');
    expect(kinds).not.toContain('step');
  });

  it('leaves no tensor behind', async () => {
    const { numTensors } = memory();
    const another = await trainSerialOe({
      ...options,
      config: { ...TINY_CONFIG, optimization: { nEpochs: 1 } },
    });
    another.dispose();
    expect(memory().numTensors).toBe(numTensors);
  });

  it('says which backend is missing', async () => {
    await expect(trainSerialOe({ ...options, backend: 'webgpu' })).rejects.toThrow(
      /npm install @tensorflow\/tfjs-backend-webgpu/,
    );
  });
});
