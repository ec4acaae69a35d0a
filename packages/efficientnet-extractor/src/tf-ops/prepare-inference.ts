import { add, fused, mul, reshape, type Tensor2D, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import type {
  FoldedBlock,
  FoldedConvolution,
  FoldedNetwork,
  PreparedNetwork,
  SqueezeExciteWeights,
} from '../extractor-ops';
import { spatialMean } from './reductions';
import { swish } from './swish';

/** A network on tfjs's own kernels, bias and convolution in one. It uses the given tensors, and owns them from now on. */
export function prepareTfInference(network: FoldedNetwork, dispose: () => void): PreparedNetwork {
  return { features: (x) => tidy(() => features(x, network)), dispose };
}

function features(x: Tensor4D, { stem, stemStride, blocks, head }: FoldedNetwork): Tensor2D {
  let h = tidy(() => swish(convolve(x, stem, stemStride)));
  for (const block of blocks) {
    const input = h;
    h = tidy(() => runBlock(input, block));
    input.dispose();
  }
  return spatialMean(tidy(() => swish(convolve(h, head, 1))));
}

function runBlock(input: Tensor4D, block: FoldedBlock): Tensor4D {
  const { expand, stride, squeezeExcite, project, hasResidual } = block;
  const expanded = expand ? tidy(() => swish(convolve(input, expand, 1))) : input;
  const { filter, bias } = block.depthwise;
  const depthwise = tidy(() =>
    swish(fused.depthwiseConv2d({ x: expanded, filter, strides: stride, pad: 'same', bias }) as Tensor4D),
  );
  if (expanded !== input) expanded.dispose();
  const excited = tidy(() => mul(depthwise, gate(depthwise, squeezeExcite)) as Tensor4D);
  depthwise.dispose();
  const projected = convolve(excited, project, 1);
  return hasResidual ? add(projected, input) : projected;
}

/** Squeeze-excite's factor of each channel, `[batch, 1, 1, channels]`. */
function gate(x: Tensor4D, weights: SqueezeExciteWeights): Tensor4D {
  const { reduceKernel, reduceBias, expandKernel, expandBias } = weights;
  const reduced = swish(fused.matMul({ a: spatialMean(x), b: reduceKernel, bias: reduceBias }) as Tensor2D);
  const factors = fused.matMul({ a: reduced, b: expandKernel, bias: expandBias, activation: 'sigmoid' });
  return reshape(factors, [x.shape[0], 1, 1, x.shape[3]]);
}

function convolve(x: Tensor4D, { filter, bias }: FoldedConvolution, strides: number): Tensor4D {
  return fused.conv2d({ x, filter, strides, pad: 'same', bias }) as Tensor4D;
}
