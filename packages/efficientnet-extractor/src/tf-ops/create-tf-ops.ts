import { add, reshape, type Tensor4D } from '@tensorflow/tfjs-core';
import type { ExtractorOps } from '../extractor-ops';
import { batchNormInference, batchNormTraining } from './batch-norm';
import { biasLeakyRelu } from './bias-leaky-relu';
import { conv2d, pointwiseConv2d } from './convolution';
import { depthwiseConv2d } from './depthwise-convolution';
import { createDifferentiable } from './differentiable';
import { globalAveragePool, squeezeExcite } from './squeeze-excite';

/**
 * The operations of the extractor in pure TensorFlow.js. They run and differentiate on every backend that has the
 * forward kernels (cpu, WASM, tfjs-node, WebGPU): each gradient is a composition of kernels that all of them share.
 */
export function createTfOps(): ExtractorOps {
  const differentiable = createDifferentiable();
  return {
    name: 'tfjs',
    conv2d: (x, filter, options) => conv2d(differentiable, { x, filter }, options),
    pointwiseConv2d: (x, filter) => pointwiseConv2d(differentiable, x, filter),
    depthwiseConv2d: (x, filter, options) => depthwiseConv2d(differentiable, { x, filter }, options),
    batchNormTraining: (x, parameters, options) =>
      batchNormTraining(differentiable, { x, ...parameters }, options),
    batchNormInference,
    biasLeakyRelu: (x, bias, slope) => biasLeakyRelu(differentiable, x, { bias, slope }),
    squeezeExcite: (x, weights) => squeezeExcite(differentiable, x, weights),
    globalAveragePool: (x) => globalAveragePool(differentiable, x),
    add: (a, b) =>
      differentiable<Tensor4D>(
        [a, b],
        () => ({ value: add(a, b), saved: [] }),
        (dy) => [reshape(dy, dy.shape), reshape(dy, dy.shape)],
      ),
    // Each operation saved what its gradient needs, so that x itself may go.
    release: (x) => x.dispose(),
  };
}
