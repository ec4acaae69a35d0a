import '@tensorflow/tfjs-backend-wasm';
import { TrainingDivergedError } from '@serial-oe/runtime';
import { type SerialOeConfigOverrides, trainSerialOe, useBackend } from '@serial-oe/serial-oe';
import { engine, memory } from '@tensorflow/tfjs-core';
import { TINY_CONFIG, tinyDataset } from './support/tiny-dataset';

const options = { dataset: tinyDataset({ nTrain: 4, nTest: 1 }), machineType: 'fan', featureWorkers: 0 };

beforeAll(() => useBackend('wasm'));

describe('a training that cannot go on leaves no tensor', () => {
  /** Where the memory is full from the variable of that number on. */
  async function failFrom(nth: number, config: SerialOeConfigOverrides): Promise<void> {
    const before = memory().numTensors;
    let nMade = 0;
    const makeVariable = engine().makeVariable.bind(engine());
    jest.spyOn(engine(), 'makeVariable').mockImplementation((...args) => {
      if (nMade++ === nth) throw new RangeError('Array buffer allocation failed');
      return makeVariable(...args);
    });
    await expect(trainSerialOe({ ...options, config })).rejects.toThrow(/allocation failed/);
    jest.restoreAllMocks();
    expect(memory().numTensors).toBe(before);
  }

  it.each([
    ['of the extractor', 120, {}],
    ['of an ID loss', 0, { idLoss: 'arcFace' }],
    ['of the extractor beside an ID loss', 60, { idLoss: 'arcFace' }],
    ['of the scale of an ID loss', 1, { idLoss: 'subClusterAdaCos' }],
    ['of the extractor beside an ID loss of two variables', 100, { idLoss: 'subClusterAdaCos' }],
  ] as const)('for want of memory for a variable %s', async (_, nth, loss) => {
    await failFrom(nth, { ...TINY_CONFIG, loss });
  });

  it('for want of memory for the embedder, once it is trained', async () => {
    // The extractor's variables, and then those of the network that embeds.
    await failFrom(400, TINY_CONFIG);
  });

  it('because it has diverged in its last step, which it says', async () => {
    const before = memory().numTensors;
    const config: SerialOeConfigOverrides = {
      ...TINY_CONFIG,
      optimization: { nEpochs: 1, maxLearningRate: 1, divFactor: 1e-16, finalDivFactor: 1e-16 },
      batch: { nNormal: 8, nOutliers: 8 },
    };
    const run = trainSerialOe({ ...options, config });
    await expect(run).rejects.toThrow(TrainingDivergedError);
    await expect(run).rejects.toThrow(/Lower the learning rate/);
    expect(memory().numTensors).toBe(before);
  });
});
