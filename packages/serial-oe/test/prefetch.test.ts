import { resolveConfig } from '../src';
import { buildTrainingSet } from '../src/data/training-set';
import type { FeatureSource } from '../src/features/feature-source';
import { initialPosition, runTraining } from '../src/training/run-training';
import type { TrainingEngine } from '../src/training/training-engine';
import { TINY_CONFIG, tinyDataset } from './support/tiny-dataset';

const config = resolveConfig('quick', TINY_CONFIG);
const nothing = async (): Promise<never> => {
  throw new Error('not in this test');
};

/** Runs a training whose engine and source take note of what happens when. */
async function runNoted(nAhead: number): Promise<string[]> {
  const notes: string[] = [];
  let nRequested = 0;
  let nSteps = 0;
  const source: FeatureSource = {
    async trainingBatch(plan) {
      const index = nRequested++;
      notes.push(`request ${index}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
      notes.push(`ready ${index}`);
      return { spectrograms: new Float32Array(1), y: plan.y, targets: null };
    },
    clipSpectrograms: nothing,
    close: async () => {},
  };
  const engine: TrainingEngine = {
    nShards: 1,
    learningRate: 1,
    async step() {
      const index = nSteps++;
      notes.push(`step ${index}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      notes.push(`stepped ${index}`);
      return { loss: 1, typeLoss: 1, idLoss: 1 };
    },
    evaluate: nothing,
    memory: async () => ({ nTensors: 0, tensorBytes: 0, heapBytes: null }),
    saveState: nothing,
    restoreState: nothing,
    keepWeights: nothing,
    takeExtractor: nothing,
    close: async () => {},
  };
  await runTraining({
    engine,
    set: buildTrainingSet(tinyDataset(), 'fan', config),
    config,
    source,
    nAhead,
    position: initialPosition(),
    onProgress: () => {},
    signal: undefined,
    saveCheckpoint: null,
    checkpointEverySeconds: 60,
    checkpointEveryEpochs: Number.POSITIVE_INFINITY,
    validate: null,
    rssBytes: () => null,
  });
  return notes;
}

it.each([1, 2])(
  'has %i batches under way, and ready, while a step runs, over the ends of epochs too',
  async (nAhead) => {
    const notes = await runNoted(nAhead);
    const at = (note: string) => notes.indexOf(note);
    const nSteps = notes.filter((note) => note.startsWith('step ')).length;
    expect(nSteps).toBe(6); // 12 normal clips, 4 a batch, 2 epochs
    for (let i = 0; i + 1 < nSteps; i++) {
      for (let next = i + 1; next <= Math.min(i + nAhead, nSteps - 1); next++) {
        expect(at(`request ${next}`)).toBeLessThan(at(`step ${i}`));
        expect(at(`ready ${next}`)).toBeLessThan(at(`stepped ${i}`));
      }
      // and no more, since each holds memory
      if (i + nAhead + 1 < nSteps)
        expect(at(`request ${i + nAhead + 1}`)).toBeGreaterThan(at(`stepped ${i}`));
    }
  },
);
