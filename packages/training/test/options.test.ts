import { createNodePlatform } from '@serial-oe/runtime/node';
import { runTraining } from '../src';
import { createFeatureThreads, ParallelEngine } from '../src/node';

const method = { planEpoch: () => [], prepare: async () => ({}) };
const file = new URL('file:///none.js');

it.each<[string, () => unknown, string]>([
  ['runTraining', () => runTraining(method, { nEpoch: 1 } as never), "'nEpoch'. Did you mean 'nEpochs'?"],
  [
    'ParallelEngine',
    () => ParallelEngine.start({ file, threads: 2 } as never),
    "'threads'. Did you mean 'nThreads'?",
  ],
  [
    'createFeatureThreads',
    async () => createFeatureThreads({ file, nThread: 2 } as never),
    "Did you mean 'nThreads'?",
  ],
  ['createNodePlatform', async () => createNodePlatform({ feature: 1 } as never), "Did you mean 'features'?"],
])('%s names the option that was meant', async (_, call, message) => {
  await expect(call()).rejects.toThrow(message);
  await expect(call()).rejects.toThrow(TypeError);
});

it('refuses numbers of epochs and threads that there cannot be', async () => {
  await expect(runTraining(method, { nEpochs: 0 })).rejects.toThrow(
    'training.runTraining: nEpochs must be a whole number of at least 1, got 0.',
  );
  expect(() => createNodePlatform({ training: 1.5 })).toThrow(RangeError);
});
