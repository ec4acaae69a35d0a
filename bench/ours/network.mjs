// A network of one of the compared systems: `node bench/ours/network.mjs FOLDER NAME step|score`. A step is forward pass, loss,
// backward pass and AdamW on a batch; a score is the forward pass of what one clip is cut into, front end and classifier not counted.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSafetensors } from '@serial-oe/efficientnet-extractor';
import { AdamW } from '@serial-oe/optimizers';
import { createWasmAdamWUpdate } from '@serial-oe/wasm-kernels';
import { customGrad, dispose, mul, reshape, sum, tensor, tidy, variableGrads } from '@tensorflow/tfjs-core';
import { INPUTS, readFloat32, readJson } from './inputs.mjs';
import { createNetwork } from './networks.mjs';
import { serve } from './serve.mjs';
import { startWasm } from './wasm-backend.mjs';

const [, , , name, kind] = process.argv;
const ops = await startWasm();
const { batchSize, nScored, nOutputs, inputs: shapes } = readJson(`${name}.json`);
const network = createNetwork(name, ops);
network.loadWeights(parseSafetensors(readFileSync(join(INPUTS, `${name}.safetensors`))));
const nSamples = kind === 'step' ? batchSize : nScored;
const inputs = shapes.map(({ file, shape }) => {
  const size = shape.reduce((product, length) => product * length, nSamples);
  return tensor(readFloat32(file).slice(0, size), [nSamples, ...shape]);
});
const run = kind === 'step' ? await createStep() : score;
await serve({ check: run(), run, warmUp: 1 });

/** The sum of the outputs. */
function score() {
  return tidy(() => sum(network.forward(inputs, { training: false })).dataSync()[0]);
}

/** An update; gives the loss before it. */
async function createStep() {
  const factors = tensor(readFloat32(`${name}-probe.f32`), [batchSize, nOutputs]);
  const probe = customGrad((x) => ({
    value: sum(mul(x, factors)),
    gradFunc: (dy) => [mul(reshape(dy, [1]), factors)],
  }));
  const learningRate = 1e-4;
  const optimizer = new AdamW({ learningRate, weightDecay: 0, updateKernel: await createWasmAdamWUpdate() });
  return () => {
    const { value, grads } = variableGrads(
      () => probe(network.forward(inputs, { training: true })),
      [...network.variables],
    );
    optimizer.applyGradients(grads);
    const [loss] = value.dataSync();
    dispose([value, grads]);
    return loss;
  };
}
