import { join } from 'node:path';
import { loadSerialOe, resolveConfig } from '@serial-oe/serial-oe';
import { INPUTS, readFloat32, readJson } from './inputs.mjs';
import { startWasm } from './wasm-backend.mjs';

/**
 * The update on several threads, as `trainSerialOe` with `workers` makes it; `run` gives the loss before it. A thread
 * normalises its share by the share's statistics: since the samples come in equal pairs, those of two threads are the
 * whole batch's, and the loss is that of one thread.
 */
export async function createParallelStep(workers) {
  const ops = await startWasm();
  const { nMels, nFrames, nMachineIds, y, targets, learningRate, seed } = readJson('train.json');
  const model = await loadSerialOe(join(INPUTS, 'model')); // the engine is no public API: a model's platform has it
  const config = resolveConfig('paper', {
    seed, // of the weights in train.safetensors
    network: { dropoutRate: 0 },
    optimization: { maxLearningRate: learningRate },
  });
  const microBatchSize = y.length / workers; // a thread's share at once
  const setup = { config, nMachineIds, inputShape: [nMels, nFrames], scheduleSteps: 10_000 };
  const engine = await model.platform.createTrainingEngine(setup, { workers, ops, microBatchSize });
  model.dispose();
  const batch = {
    spectrograms: readFloat32('spectrograms.f32'),
    y: Float32Array.from(y),
    targets: Float32Array.from(targets),
    isMixed: false,
  };
  const run = async () => (await engine.step(batch, { dropoutSeed: 1 })).loss;
  return { run, close: () => engine.close() };
}
