import '@tensorflow/tfjs-backend-cpu';
import {
  CheckpointError,
  TrainingDivergedError,
  TrainingInterruptedError,
  type TrainingProgress,
} from '@serial-oe/runtime';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { checkpointFile, type RunTrainingOptions, runTraining } from '../src';
import { lineMethod, N_EPOCHS, type Points, STEPS_PER_EPOCH } from './support/line-method';
import { memoryFiles } from './support/memory-files';

beforeAll(() => setBackend('cpu'));

const train = (options: Partial<RunTrainingOptions<Points>> = {}) =>
  runTraining(lineMethod(), { nEpochs: N_EPOCHS, ...options });

it('finds the slope, tells of each step and epoch, and leaves no tensor', async () => {
  const nTensors = memory().numTensors;
  const events: TrainingProgress[] = [];
  const { weights, history } = await train({ onProgress: (event) => events.push(event) });
  expect(memory().numTensors).toBe(nTensors);
  expect(weights.get('slope')!.data[0]).toBeCloseTo(3, 0);
  expect(history).toHaveLength(N_EPOCHS);
  expect(history.at(-1)!.loss).toBeLessThan(history[0]!.loss / 10);
  expect(history[0]).toMatchObject({ epoch: 0, square: history[0]!.loss, none: null, validationLoss: null });
  const steps = events.filter(({ kind }) => kind === 'step');
  expect(steps).toHaveLength(N_EPOCHS * STEPS_PER_EPOCH);
  expect(steps.at(-1)).toMatchObject({ nDone: 20, nTotal: 20, epoch: 3, secondsLeft: 0 });
});

it('passes a batch in parts to the same result, where no statistic of a part takes part', async () => {
  const [whole, inParts] = [await train(), await train({ microBatchSize: 2 })];
  const slope = (result: typeof whole) => result.weights.get('slope')!.data[0]!;
  expect(slope(inParts)).toBeCloseTo(slope(whole), 5);
});

describe('a checkpoint', () => {
  const open = (files = memoryFiles(), fingerprint = { data: 'a' }) =>
    checkpointFile(files, 'run', fingerprint);

  it('lets a run that was stopped go on to the bits of one that was not', async () => {
    const expected = await train();
    for (const stopAfter of [1, 7, STEPS_PER_EPOCH]) {
      const checkpoint = open();
      const stop = new AbortController();
      let nSteps = 0;
      const onProgress = ({ kind }: TrainingProgress) => {
        if (kind === 'step' && ++nSteps === stopAfter) stop.abort();
      };
      const stopped = train({ checkpoint, onProgress, signal: stop.signal });
      await expect(stopped).rejects.toThrow(TrainingInterruptedError);
      expect(nSteps).toBe(stopAfter);
      const resumed = await train({ checkpoint, resume: true });
      expect(resumed.weights).toEqual(expected.weights);
      expect(resumed.history.map(({ loss }) => loss)).toEqual(expected.history.map(({ loss }) => loss));
    }
  });

  it('is not overwritten unasked, and not continued by another run', async () => {
    const files = memoryFiles();
    await train({ checkpoint: open(files) });
    await expect(train({ checkpoint: open(files) })).rejects.toThrow(/holds an unfinished run/);
    const other = open(files, { data: 'b' });
    await expect(train({ checkpoint: other, resume: true })).rejects.toThrow(
      /differs in data \(a there, b here\)/,
    );
  });

  it('is refused where it is cut off or of another version', async () => {
    const files = memoryFiles();
    const checkpoint = open(files);
    await train({ checkpoint });
    const bytes = files.contents.get(checkpoint.path)!;
    files.contents.set(checkpoint.path, bytes.slice(0, 100));
    await expect(train({ checkpoint, resume: true })).rejects.toThrow(CheckpointError);
    const text = Buffer.from(bytes).toString('latin1').replace('formatVersion\\":2', 'formatVersion\\":1');
    files.contents.set(checkpoint.path, Uint8Array.from(Buffer.from(text, 'latin1')));
    await expect(train({ checkpoint, resume: true })).rejects.toThrow(
      /must have the format version 2, got 1\. Remove it/,
    );
  });

  it('needs files', () => {
    expect(() => checkpointFile(null, 'run', {})).toThrow(/left out where there is no file system/);
  });
});

it('ends where the loss is no longer finite, without a checkpoint of it', async () => {
  const files = memoryFiles();
  const method = lineMethod();
  const poisoned = {
    ...method,
    prepare: async () => ({ x: Float32Array.of(1), y: Float32Array.of(Number.POSITIVE_INFINITY) }),
  };
  const run = runTraining(poisoned, { nEpochs: 1, checkpoint: checkpointFile(files, 'run', {}) });
  await expect(run).rejects.toThrow(TrainingDivergedError);
  await expect(run).rejects.toMatchObject({ epoch: 0, step: 0 });
  expect(files.contents.size).toBe(0);
});
