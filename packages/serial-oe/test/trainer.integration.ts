import '@tensorflow/tfjs-backend-wasm';
import { adamWUpdateFor } from '@serial-oe/runtime';
import { resolveConfig } from '@serial-oe/serial-oe';
import { Trainer } from '@serial-oe/training';
import { createWasmOps } from '@serial-oe/wasm-kernels';
import { memory, profile, setBackend } from '@tensorflow/tfjs-core';
import { createOutlierExposure } from '../src/training/outlier-exposure';
import { TINY_CONFIG } from './support/tiny-dataset';

const INPUT_SHAPE: [number, number] = [32, 17];
const BATCH = {
  spectrograms: Float32Array.from({ length: 4 * 32 * 17 }, (_, i) => Math.abs(Math.sin(i * 0.37))),
  y: Float32Array.of(1, 1, 0, 0),
  targets: Float32Array.of(1, 0, 0, 1, 0, 0, 0, 0),
  isMixed: false,
};

/** Names of the tfjs kernels that the last of two updates ran, and the weights after it. */
async function train(operations: 'tfjs' | 'wasm-simd') {
  const before = memory().numTensors;
  const setup = {
    config: resolveConfig('quick', TINY_CONFIG),
    nMachineIds: 2,
    inputShape: INPUT_SHAPE,
    scheduleSteps: 10,
    pretrainedWeights: undefined,
  };
  const ops = operations === 'tfjs' ? undefined : await createWasmOps({ simdLevel: 'simd' });
  const network = await createOutlierExposure(setup, ops);
  const trainer = new Trainer(network, 8);
  const options = { dropoutSeed: 1 };
  await trainer.step(BATCH, options);
  const nTensors = memory().numTensors;
  const { kernelNames } = await profile(async () => {
    await trainer.step(BATCH, options);
    return [];
  });
  expect(memory().numTensors).toBe(nTensors);
  const weights = await network.modelWeights();
  network.dispose();
  expect(memory().numTensors).toBe(before);
  return { kernelNames, weights: JSON.stringify([...weights].map(([, { data }]) => Array.from(data))) };
}

beforeAll(() => setBackend('wasm'));

it('updates weights by the SIMD kernel where the operations are of that kind, and by tfjs ops elsewhere', async () => {
  expect((await train('tfjs')).kernelNames).toContain('Sqrt');
  expect((await train('wasm-simd')).kernelNames).not.toContain('Sqrt');
  expect(await adamWUpdateFor('some other')).toBeUndefined();
});

it('gives the same weights, bit for bit, when it trains again', async () => {
  expect((await train('wasm-simd')).weights).toBe((await train('wasm-simd')).weights);
});
