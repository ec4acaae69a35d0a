import {
  add,
  conv2d,
  depthwiseConv2d,
  engine,
  losses,
  matMul,
  maxPool,
  memory,
  type Optimizer,
  relu,
  reshape,
  type Scalar,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tensor,
  tidy,
  train,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core';
import { registerWasmTrainingKernels } from '../src/index';
import { expectCloseToMaximum } from './expect-close-to-maximum';
import { randomValues, sizeOf } from './random-values';
import './register-gradients';
import { useBackend } from './use-backend';

// Two classes of 9 x 8 images with noise: stripes along the rows, stripes along the columns.
const N_IMAGES = 8;
const IMAGE = [9, 8] as const;

const SHAPES: Record<string, number[]> = {
  stem: [3, 3, 1, 7],
  stemBias: [7],
  depthwise: [5, 3, 7, 2],
  pointwise: [1, 1, 14, 10],
  wide: [3, 3, 10, 6],
  dense: [6, 2],
  denseBias: [2],
};

/** A network as a user of tfjs would write it by hand. */
class SmallCnn {
  readonly variables: Record<string, Variable>;

  constructor() {
    const entries = Object.entries(SHAPES).map(([name, shape], seed) => {
      const fanIn = sizeOf(shape) / shape[shape.length - 1]!;
      const scale = name.endsWith('Bias') ? 0 : Math.sqrt(6 / fanIn);
      const values = randomValues(sizeOf(shape), seed).map((u) => u * scale);
      return [name, tidy(() => variable(tensor(values, shape), true, name))];
    });
    this.variables = Object.fromEntries(entries);
  }

  logits(images: Tensor4D): Tensor2D {
    const v = this.variables as Record<string, Variable & Tensor4D>;
    let x = relu(add(conv2d(images, v.stem!, 1, 'same'), v.stemBias!)) as Tensor4D;
    x = relu(depthwiseConv2d(x, v.depthwise!, 2, 'same'));
    x = relu(conv2d(x, v.pointwise!, 1, 'valid'));
    x = maxPool(relu(conv2d(x, v.wide!, [2, 1], 'same')), 2, [2, 3], 'valid');
    const features = reshape(x, [images.shape[0], SHAPES.dense![0]!]);
    return add(matMul(features, v.dense! as Tensor as Tensor2D), v.denseBias!);
  }
}

function makeData(): { images: Tensor4D; labels: Tensor2D } {
  const [height, width] = IMAGE;
  const noise = randomValues(N_IMAGES * height * width, 77);
  const images = noise.map((u, i) => {
    const row = Math.floor(i / width) % height;
    const column = i % width;
    const isRowStripes = Math.floor(i / (width * height)) % 2 === 0;
    return 0.5 * u + ((isRowStripes ? row : column) % 4 < 2 ? 1 : -1);
  });
  const labels = Array.from({ length: N_IMAGES }, (_, n) => (n % 2 === 0 ? [1, 0] : [0, 1]));
  return {
    images: tensor(images, [N_IMAGES, height, width, 1]) as Tensor4D,
    labels: tensor(labels) as Tensor2D,
  };
}

function trainCnn(makeOptimizer: () => Optimizer, nSteps: number) {
  const before = memory().numTensors;
  const cnn = new SmallCnn();
  const { images, labels } = makeData();
  const optimizer = makeOptimizer();
  const lossValues: number[] = [];
  const tensorCounts: number[] = [];
  for (let step = 0; step < nSteps; step++) {
    const loss = optimizer.minimize(
      () => losses.softmaxCrossEntropy(labels, cnn.logits(images)) as Scalar,
      true,
    )!;
    lossValues.push(loss.dataSync()[0]!);
    loss.dispose();
    tensorCounts.push(memory().numTensors);
  }
  const weights = Object.values(cnn.variables).map((v) => v.dataSync() as Float32Array);
  images.dispose();
  labels.dispose();
  optimizer.dispose();
  engine().disposeVariables();
  expect(tensorCounts[nSteps - 1]).toBe(tensorCounts[1]);
  return { lossValues, weights, nLeft: memory().numTensors - before };
}

test.each<[string, () => Optimizer]>([
  ['sgd', () => train.sgd(0.05)],
  ['momentum', () => train.momentum(0.02, 0.9)],
  ['adam', () => train.adam(0.005)],
])('a network of plain tfjs ops trains with %s as on the cpu backend', async (_, makeOptimizer) => {
  await useBackend('cpu');
  const cpu = trainCnn(makeOptimizer, 4);
  await registerWasmTrainingKernels();
  await useBackend('wasm');
  const wasm = trainCnn(makeOptimizer, 4);
  expectCloseToMaximum(wasm.lossValues, cpu.lossValues);
  for (const [i, weights] of wasm.weights.entries()) expectCloseToMaximum(weights, cpu.weights[i]!);
  expect(wasm.nLeft).toBe(cpu.nLeft);

  const { lossValues } = trainCnn(makeOptimizer, 40);
  expect(lossValues[39]!).toBeLessThan(0.3 * lossValues[0]!);
});
