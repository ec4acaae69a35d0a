import { resolveConfig, TrainingDataError, TrainingDivergedError } from '../src';
import { buildTrainingSet } from '../src/data/training-set';
import { selectEpoch } from '../src/training/epoch-selection';
import type { EpochSummary } from '../src/training/progress';
import { initialPosition, runTraining } from '../src/training/run-training';
import type { TrainingEngine } from '../src/training/training-engine';
import { TINY_CONFIG, tinyDataset } from './support/tiny-dataset';

const history = (validationLosses: (number | null)[]) =>
  validationLosses.map((validationLoss, epoch) => ({ epoch, validationLoss }) as EpochSummary);

describe('selectEpoch', () => {
  it.each([
    ['last', [3, 2, 1], 2],
    ['last', [], null],
    ['best', [3, 1, 2], 1],
    ['best', [null, 3, null, 2, null, 2, null], 3], // the earliest of equals
    ['best', [null, null], null],
    ['best', [Number.NaN, Number.POSITIVE_INFINITY], null],
    ['best', [Number.NaN, 5], 1],
    [1, [3, 2, 1], 0],
    [3, [3, 2], null],
    [2, [null, null, null], 1],
  ] as const)('%s of %j is epoch %j', (selection, losses, expected) => {
    expect(selectEpoch(history([...losses]), selection)).toBe(expected);
  });
});

/** Trains nothing for five epochs with these validation losses; returns how many steps were done whenever weights were kept. */
async function runNoted(validationLosses: number[], selection: 'last' | 'best' | number): Promise<number[]> {
  const config = resolveConfig('quick', {
    ...TINY_CONFIG,
    optimization: { nEpochs: 5 },
    validation: { fraction: 0.2, everyEpochs: 1, selection },
  });
  const set = buildTrainingSet(tinyDataset(), 'fan', config);
  const nothing = async (): Promise<never> => {
    throw new Error('not in this test');
  };
  const kept: number[] = [];
  let nSteps = 0;
  const engine: TrainingEngine = {
    nShards: 1,
    learningRate: 1,
    async step() {
      nSteps++;
      return { loss: 1, typeLoss: 1, idLoss: 1 };
    },
    async keepWeights() {
      kept.push(nSteps);
    },
    memory: async () => ({ nTensors: 0, tensorBytes: 0, heapBytes: null }),
    evaluate: nothing,
    saveState: nothing,
    restoreState: nothing,
    takeExtractor: nothing,
    close: nothing,
  };
  await runTraining({
    engine,
    set,
    config,
    source: {
      trainingBatch: async ({ y }) => ({ spectrograms: new Float32Array(1), y, targets: null }),
      clipSpectrograms: nothing,
      close: nothing,
    },
    nAhead: 1,
    position: initialPosition(),
    onProgress: () => {},
    signal: undefined,
    saveCheckpoint: null,
    checkpointEverySeconds: Number.POSITIVE_INFINITY,
    checkpointEveryEpochs: Number.POSITIVE_INFINITY,
    validate: async () => validationLosses.shift() as number,
    rssBytes: () => null,
  });
  return kept;
}

describe('a training', () => {
  const stepsPerEpoch = 3; // 10 normal clips, 4 a batch

  it.each([
    ['best', [5, 4, 6, 3, 3], [1, 2, 4]],
    [2, [5, 4, 6, 3, 3], [2]],
    ['last', [5, 4, 6, 3, 3], []],
  ] as const)('of %s with the validation losses %j keeps weights after the epochs %j', async (...table) => {
    const [selection, losses, epochs] = table;
    const expected = epochs.map((epoch) => epoch * stepsPerEpoch);
    expect(await runNoted([...losses], selection)).toEqual(expected);
  });

  it('fails where no validation loss was finite to choose by', async () => {
    const nothingFinite = () => Array.from({ length: 5 }, () => Number.NaN);
    await expect(runNoted(nothingFinite(), 'best')).rejects.toThrow(TrainingDivergedError);
    await expect(runNoted(nothingFinite(), 'last')).resolves.toEqual([]);
  });

  it('does not begin where there are no held-out clips to choose by', () => {
    const config = resolveConfig('quick', { validation: { fraction: 0.5, selection: 'best' } });
    const set = () => buildTrainingSet(tinyDataset({ nTrain: 1, seconds: 0.01 }), 'fan', config);
    expect(set).toThrow(TrainingDataError);
    expect(set).toThrow(/'best' must have held-out clips to choose by, got none out of a share of 0.5/);
  });
});
