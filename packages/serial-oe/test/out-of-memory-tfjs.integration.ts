import '@tensorflow/tfjs-backend-wasm';
import { createTfOps } from '@serial-oe/efficientnet-extractor';
import { setBackend } from '@tensorflow/tfjs-core';
import { TrainingMemoryError } from '../src';
import { trainUntilOutOfMemory } from './support/train-until-out-of-memory';

// A file of its own: a backend that has run out of memory cannot be used again.
it('says what to do and leaves the last checkpoint with pure tfjs', async () => {
  await setBackend('wasm');
  const { error, isCheckpointIntact } = await trainUntilOutOfMemory({ ops: createTfOps() });
  expect(error).toBeInstanceOf(TrainingMemoryError);
  expect((error as Error).message).toMatch(
    /a step with 40 samples at once .* ran out .*Set batch\.microBatchSize \(--micro-batch\) below 40/,
  );
  expect(isCheckpointIntact).toBe(true);
});
