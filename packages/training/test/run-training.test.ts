import '@tensorflow/tfjs-backend-cpu';
import { TrainingDivergedError, TrainingInterruptedError, type TrainingProgress } from '@serial-oe/runtime';
import { memory, scalar, setBackend, tidy } from '@tensorflow/tfjs-core';
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

  it('needs files', () => {
    expect(() => checkpointFile(null, 'run', {})).toThrow(/left out where there is no file system/);
  });
});

describe('a training that diverges', () => {
  const batch = (x: number, y: number) => async () => ({ x: Float32Array.of(x), y: Float32Array.of(y) });

  it('ends where the loss is no longer finite, without a checkpoint of it', async () => {
    const files = memoryFiles();
    const poisoned = { ...lineMethod(), prepare: batch(1, Number.POSITIVE_INFINITY) };
    const run = runTraining(poisoned, { nEpochs: 1, checkpoint: checkpointFile(files, 'run', {}) });
    await expect(run).rejects.toThrow(TrainingDivergedError);
    await expect(run).rejects.toMatchObject({ epoch: 0, step: 0 });
    expect(files.contents.size).toBe(0);
  });

  /** A line whose weight, statistic or moment is destroyed by one update, without a trace in that update's loss. */
  function destroyedBy(
    update: number,
    what: 'weight' | 'statistic' | 'moment',
  ): ReturnType<typeof lineMethod> {
    const method = lineMethod();
    let nUpdates = 0;
    const step = method.schedule.step.bind(method.schedule);
    const schedule = {
      step() {
        step();
        if (nUpdates++ !== update) return;
        if (what === 'weight') tidy(() => method.variables[0]!.assign(scalar(Number.NaN)));
        if (what === 'statistic')
          tidy(() => method.stateVariables[0]!.assign(scalar(Number.POSITIVE_INFINITY)));
        if (what === 'moment') overflow = true;
      },
      getState: () => method.schedule.getState(),
      setState: (state: never) => method.schedule.setState(state),
    };
    let overflow = false;
    const getStateAsync = method.optimizer.getStateAsync.bind(method.optimizer);
    method.optimizer.getStateAsync = async () => {
      const state = await getStateAsync();
      for (const moments of Object.values(state.variables))
        if (overflow) moments.v.fill(Number.POSITIVE_INFINITY);
      return state;
    };
    return { ...method, schedule };
  }

  const LAST = N_EPOCHS * STEPS_PER_EPOCH - 1;

  it.each(['weight', 'statistic', 'moment'] as const)(
    'in its last update is told so, with and without checkpoints: a %s',
    async (what) => {
      const files = memoryFiles();
      for (const checkpoint of [null, checkpointFile(files, 'run', {})]) {
        const run = runTraining(destroyedBy(LAST, what), {
          nEpochs: N_EPOCHS,
          checkpoint,
          checkpointEveryEpochs: 1,
        });
        await expect(run).rejects.toThrow(TrainingDivergedError);
        await expect(run).rejects.toThrow(
          /weights must stay finite, got others after epoch 4, last step\. Lower/,
        );
        await expect(run).rejects.toMatchObject({ epoch: N_EPOCHS - 1 });
      }
      // The state at the end of the third epoch is still there, and leads to the model.
      const checkpoint = checkpointFile(files, 'run', {});
      const resumed = await runTraining(lineMethod(), { nEpochs: N_EPOCHS, checkpoint, resume: true });
      expect(resumed.weights).toEqual((await train()).weights);
    },
  );

  it('is told so where a checkpoint is due, in the middle and at the end of an epoch, and where it is stopped', async () => {
    for (const update of [2, STEPS_PER_EPOCH - 1, STEPS_PER_EPOCH + 1]) {
      const files = memoryFiles();
      const checkpoint = checkpointFile(files, 'run', {});
      const run = runTraining(destroyedBy(update, 'weight'), {
        nEpochs: N_EPOCHS,
        checkpoint,
        checkpointEverySeconds: 0,
      });
      await expect(run).rejects.toThrow(TrainingDivergedError);
      await expect(run).rejects.toMatchObject({ epoch: Math.floor(update / STEPS_PER_EPOCH) });
      const stop = new AbortController();
      let nSteps = 0;
      const stopped = runTraining(destroyedBy(update, 'weight'), {
        nEpochs: N_EPOCHS,
        checkpoint: checkpointFile(memoryFiles(), 'run', {}),
        signal: stop.signal,
        onProgress: ({ kind }) => kind === 'step' && ++nSteps > update && stop.abort(),
      });
      await expect(stopped).rejects.toThrow(TrainingDivergedError);
      const resumed = await runTraining(lineMethod(), { nEpochs: N_EPOCHS, checkpoint, resume: true });
      expect(resumed.weights).toEqual((await train()).weights);
    }
  });
});
