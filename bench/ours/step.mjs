import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createExtractor, parseSafetensors } from '@serial-oe/efficientnet-extractor';
import { outlierExposureLoss } from '@serial-oe/losses-mixup';
import { AdamW } from '@serial-oe/optimizers';
import { createWasmAdamWUpdate } from '@serial-oe/wasm-kernels';
import { dispose, tensor1d, tensor2d, tensor4d, variableGrads } from '@tensorflow/tfjs-core';
import { INPUTS, readFloat32, readJson } from './inputs.mjs';
import { startWasm } from './wasm-backend.mjs';

/** The update on this thread; `run` gives the loss before it. */
export async function createStep() {
  const ops = await startWasm();
  const { batchSize, nMels, nFrames, nMachineIds, y, targets, learningRate } = readJson('train.json');
  const inputShape = [nMels, nFrames];
  const extractor = createExtractor({ nMachineIds, inputShape, dropoutRate: 0, ops });
  extractor.loadWeights(parseSafetensors(readFileSync(join(INPUTS, 'train.safetensors'))));
  const optimizer = new AdamW({ learningRate, weightDecay: 0, updateKernel: await createWasmAdamWUpdate() });
  const x = tensor4d(readFloat32('spectrograms.f32'), [batchSize, ...inputShape, 1]);
  const labels = { y: tensor1d(y), targets: tensor2d(targets, [batchSize, nMachineIds]) };

  function run() {
    const { value, grads } = variableGrads(
      () => outlierExposureLoss({ ...extractor.forward(x, { training: true }), ...labels }),
      extractor.variables,
    );
    optimizer.applyGradients(grads);
    const [loss] = value.dataSync();
    dispose([value, grads]);
    return loss;
  }

  return { run, close: async () => {} };
}
