import { type EpochSummary, TrainingDivergedError } from '@serial-oe/runtime';
import { type EpochSelection, runTraining, selectEpoch, type TrainingEngine } from '../src';

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

const STEPS_PER_EPOCH = 3;

/** Trains nothing for five epochs with these validation losses; returns how many steps were done whenever weights were kept. */
async function runNoted(validationLosses: number[], selection: EpochSelection): Promise<number[]> {
  const nothing = async (): Promise<never> => {
    throw new Error('not in this test');
  };
  const kept: number[] = [];
  let nSteps = 0;
  const engine: TrainingEngine<object> = {
    learningRate: 1,
    async step() {
      nSteps++;
      return { loss: 1 };
    },
    async keepWeights() {
      kept.push(nSteps);
    },
    memory: async () => ({ nTensors: 0, tensorBytes: 0, heapBytes: null }),
    takeWeights: async () => new Map(),
    evaluate: nothing,
    saveState: nothing,
    restoreState: nothing,
    close: nothing,
  };
  const method = {
    planEpoch: () => Array.from({ length: STEPS_PER_EPOCH }, () => ({ clips: [0], dropoutSeed: 0 })),
    prepare: async () => ({}),
  };
  const validate = async () => validationLosses.shift() as number;
  await runTraining(method, { engine, nEpochs: 5, selection, validate });
  return kept;
}

describe('a training', () => {
  it.each([
    ['best', [5, 4, 6, 3, 3], [1, 2, 4]],
    [2, [5, 4, 6, 3, 3], [2]],
    ['last', [5, 4, 6, 3, 3], []],
  ] as const)('of %s with the validation losses %j keeps weights after the epochs %j', async (...table) => {
    const [selection, losses, epochs] = table;
    const expected = epochs.map((epoch) => epoch * STEPS_PER_EPOCH);
    expect(await runNoted([...losses], selection)).toEqual(expected);
  });

  it('fails where no validation loss was finite to choose by', async () => {
    const nothingFinite = () => Array.from({ length: 5 }, () => Number.NaN);
    await expect(runNoted(nothingFinite(), 'best')).rejects.toThrow(TrainingDivergedError);
    await expect(runNoted(nothingFinite(), 'last')).resolves.toEqual([]);
  });

  it('needs an engine for a method whose network is elsewhere', async () => {
    const method = { planEpoch: () => [], prepare: async () => ({}) };
    await expect(runTraining(method, { nEpochs: 1 })).rejects.toThrow(/engine must be given/);
  });
});
