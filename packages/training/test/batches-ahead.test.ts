import { runTraining, type TrainingEngine } from '../src';

const nothing = async (): Promise<never> => {
  throw new Error('not in this test');
};

/** Runs a training whose engine and source take note of what happens when. */
async function runNoted(nAhead: number): Promise<string[]> {
  const notes: string[] = [];
  let nRequested = 0;
  let nSteps = 0;
  const method = {
    planEpoch: () => Array.from({ length: 3 }, () => ({ clips: [0], dropoutSeed: 0 })),
    async prepare() {
      const index = nRequested++;
      notes.push(`request ${index}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
      notes.push(`ready ${index}`);
      return {};
    },
  };
  const engine: TrainingEngine<object> = {
    learningRate: 1,
    async step() {
      const index = nSteps++;
      notes.push(`step ${index}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      notes.push(`stepped ${index}`);
      return { loss: 1 };
    },
    memory: async () => ({ nTensors: 0, tensorBytes: 0, heapBytes: null }),
    takeWeights: async () => new Map(),
    evaluate: nothing,
    saveState: nothing,
    restoreState: nothing,
    keepWeights: nothing,
    close: nothing,
  };
  await runTraining(method, { engine, nEpochs: 2, nAhead });
  return notes;
}

it.each([1, 2])(
  'has %i batches under way, and ready, while a step runs, over the ends of epochs too',
  async (nAhead) => {
    const notes = await runNoted(nAhead);
    const at = (note: string) => notes.indexOf(note);
    const nSteps = notes.filter((note) => note.startsWith('step ')).length;
    expect(nSteps).toBe(6); // 3 an epoch, 2 epochs
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
