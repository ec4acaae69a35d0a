import {
  conv1d,
  conv2d,
  conv2dTranspose,
  depthwiseConv2d,
  fused,
  grads,
  memory,
  mul,
  separableConv2d,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor3D,
  type Tensor4D,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { registerWasmTrainingKernels } from '../src/index';
import { expectCloseToMaximum } from './expect-close-to-maximum';
import { randomValues, sizeOf } from './random-values';
import './register-gradients';
import { useBackend } from './use-backend';

/** Gradients of sum(f(x) w) with a fixed random w, for all arguments. */
function gradientsOf(f: (...inputs: Tensor[]) => Tensor, shapes: number[][]): Float32Array[] {
  const before = memory().numTensors;
  const values = tidy(() => {
    const inputs = shapes.map((shape, i) => tensor(randomValues(sizeOf(shape), i), shape));
    const loss = (...args: Tensor[]) => {
      const y = f(...args);
      return sum(mul(y, tensor(randomValues(y.size, 99), y.shape)));
    };
    return grads(loss)(inputs).map((gradient) => gradient.dataSync() as Float32Array);
  });
  expect(memory().numTensors).toBe(before);
  return values;
}

// biome-ignore format: one line
const explicit = [[0, 0], [2, 1], [0, 3], [0, 0]] as [[number, number], [number, number], [number, number], [number, number]];

// biome-ignore format: a table
const CASES: [string, (...inputs: Tensor[]) => Tensor, number[][]][] = [
  ['conv2d', (x, w) => conv2d(x as Tensor4D, w as Tensor4D, 1, 'same'), [[2, 7, 6, 3], [3, 3, 3, 5]]],
  ['conv2d, one image', (x, w) => conv2d(x as Tensor3D, w as Tensor4D, 2, 'valid'), [[9, 8, 5], [3, 2, 5, 7]]],
  ['conv2d, explicit padding', (x, w) => conv2d(x as Tensor4D, w as Tensor4D, [1, 2], explicit), [[2, 7, 6, 5], [4, 3, 5, 6]]],
  ['depthwiseConv2d', (x, w) => depthwiseConv2d(x as Tensor4D, w as Tensor4D, 2, 'same'), [[2, 9, 8, 6], [5, 5, 6, 1]]],
  ['depthwiseConv2d, one image', (x, w) => depthwiseConv2d(x as Tensor3D, w as Tensor4D, 1, 2), [[5, 4, 3], [3, 3, 3, 2]]],
  ['separableConv2d', (x, w, p) => separableConv2d(x as Tensor4D, w as Tensor4D, p as Tensor4D, 1, 'same'), [[2, 6, 6, 3], [3, 3, 3, 2], [1, 1, 6, 7]]],
  ['conv1d', (x, w) => conv1d(x as Tensor3D, w as Tensor3D, 2, 'same'), [[2, 17, 3], [5, 3, 4]]],
  ['conv2dTranspose', (x, w) => conv2dTranspose(x as Tensor4D, w as Tensor4D, [2, 9, 7, 3], 2, 'same'), [[2, 5, 4, 6], [3, 3, 3, 6]]],
  ['fused.conv2d', (x, w, b) => fused.conv2d({ x: x as Tensor4D, filter: w as Tensor4D, strides: 1, pad: 'same', bias: b as Tensor1D, activation: 'relu' }), [[2, 6, 5, 4], [3, 3, 4, 8], [8]]],
  ['fused.depthwiseConv2d', (x, w, b) => fused.depthwiseConv2d({ x: x as Tensor4D, filter: w as Tensor4D, strides: 1, pad: 'same', bias: b as Tensor1D, activation: 'relu6' }), [[2, 6, 5, 4], [3, 3, 4, 1], [4]]],
];

test.each(CASES)('gradients of %s equal the cpu backend', async (_, f, shapes) => {
  await useBackend('cpu');
  const expected = gradientsOf(f, shapes);
  await registerWasmTrainingKernels();
  await useBackend('wasm');
  const actual = gradientsOf(f, shapes);
  expect(actual.length).toBe(shapes.length);
  for (const [i, gradient] of actual.entries()) expectCloseToMaximum(gradient, expected[i]!);
});
