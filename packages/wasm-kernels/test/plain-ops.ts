import {
  add,
  type backend_util,
  conv2d,
  depthwiseConv2d,
  leakyRelu,
  matMul,
  mean,
  mul,
  prelu,
  reshape,
  rsqrt,
  sigmoid,
  square,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Activation, FoldedConvolution, FoldedNetwork, Padding, WasmOps } from '../src/index';
import './register-gradients';

type ExplicitPadding = backend_util.ExplicitPadding;

const explicit = (padding: Padding) =>
  typeof padding === 'string' ? padding : ([[0, 0], ...padding, [0, 0]] as unknown as ExplicitPadding);
const swish = <T extends Tensor>(z: T): T => mul(z, sigmoid(z)) as T;

function activate(z: Tensor4D, activation: Activation, slope: Tensor1D | undefined): Tensor4D {
  if (activation === 'prelu') return prelu(z, reshape(slope!, [1, 1, 1, slope!.size]));
  return activation === 'swish' ? swish(z) : z;
}

/** The operations in plain tfjs ops, differentiated by tfjs. On the cpu backend they are what ours are held against. */
export const plainOps: WasmOps = {
  name: 'plain',
  conv2d: (x, filter, { stride, padding = 'same' }) => conv2d(x, filter, stride, explicit(padding)),
  pointwiseConv2d: (x, filter) => conv2d(x, filter, 1, 'valid'),
  depthwiseConv2d: (x, filter, { stride, padding = 'same' }) =>
    depthwiseConv2d(x, filter, stride, explicit(padding) as 'same'), // its type knows no more, its kernel does
  batchNormTraining(x, { gamma, beta, slope }, { epsilon, activation }) {
    const mu = mean(x, [0, 1, 2]);
    const centred = sub(x, mu);
    const variance = mean(square(centred), [0, 1, 2]);
    const z = add(mul(mul(centred, rsqrt(add(variance, epsilon))), gamma), beta) as Tensor4D;
    const output = activate(z, activation, slope);
    return { output, mean: mu, variance } as ReturnType<WasmOps['batchNormTraining']>;
  },
  batchNormInference(x, { gamma, beta, mean: mu, variance, slope }, { epsilon, activation }) {
    return tidy(() => {
      const z = add(mul(mul(sub(x, mu), rsqrt(add(variance, epsilon))), gamma), beta) as Tensor4D;
      return activate(z, activation, slope);
    });
  },
  biasLeakyRelu: (x, bias, slope) => leakyRelu(bias ? (add(x, bias) as Tensor4D) : x, slope),
  squeezeExcite(x, { reduceKernel, reduceBias, expandKernel, expandBias }) {
    const [batch, , , nChannels] = x.shape;
    const reduced = add(matMul(mean(x, [1, 2]) as Tensor2D, reduceKernel), reduceBias);
    const gate = sigmoid(add(matMul(swish(reduced) as Tensor2D, expandKernel), expandBias));
    return mul(x, reshape(gate, [batch, 1, 1, nChannels]));
  },
  globalAveragePool: (x) => mean(x, [1, 2]),
  add: (a, b) => add(a, b),
  release: () => {},
  prepareInference: (network) => ({ features: (x) => plainFeatures(x, network), dispose: () => {} }),
};

function plainFeatures(x: Tensor4D, { stem, stemStride, blocks, head }: FoldedNetwork): Tensor2D {
  return tidy(() => {
    const convolve = (y: Tensor4D, { filter, bias }: FoldedConvolution, stride = 1) =>
      add(conv2d(y, filter, stride, 'same'), bias) as Tensor4D;
    let y = swish(convolve(x, stem, stemStride));
    for (const { expand, depthwise, stride, squeezeExcite, project, hasResidual } of blocks) {
      const input = y;
      if (expand) y = swish(convolve(y, expand));
      y = swish(add(depthwiseConv2d(y, depthwise.filter, stride, 'same'), depthwise.bias));
      y = convolve(plainOps.squeezeExcite(y, squeezeExcite), project);
      if (hasResidual) y = add(y, input);
    }
    return mean(swish(convolve(y, head)), [1, 2]);
  });
}
