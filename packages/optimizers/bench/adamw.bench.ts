// Time of one AdamW update over the variables of a network of EfficientNet-B0's size: 4.2 million values in 213
// variables. Run: npm run bench
import {
  engine,
  memory,
  ready,
  setBackend,
  type Tensor,
  tensor,
  tidy,
  variable,
} from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { AdamW } from '../src/index';

const SIZES = [...Array<number>(200).fill(8_000), ...Array<number>(12).fill(200_000), 164_000];
const N_STEPS = 10;

const wave = (size: number, phase: number): Tensor =>
  tensor(Float32Array.from({ length: size }, (_, i) => Math.sin(0.1 * i + phase)));

for (const backend of ['wasm', 'cpu']) {
  await setBackend(backend);
  await ready();
  const gradients = SIZES.map((size, k) => ({ name: `v${k}`, tensor: wave(size, k) }));
  const variables = SIZES.map((size, k) => tidy(() => variable(wave(size, -k), true, `v${k}`)));
  const optimizer = new AdamW();
  optimizer.applyGradients(gradients); // warm up, allocates the moments
  const start = performance.now();
  for (let step = 0; step < N_STEPS; step++) optimizer.applyGradients(gradients);
  const checksum = variables[0]?.dataSync()[1];
  const milliseconds = (performance.now() - start) / N_STEPS;
  console.log(
    `AdamW on ${backend}: ${milliseconds.toFixed(1)} ms a step, ${memory().numTensors} tensors, ${checksum}`,
  );
  optimizer.dispose();
  for (const { tensor: gradient } of gradients) gradient.dispose();
  engine().disposeVariables();
}
