import {
  add,
  div,
  keep,
  mul,
  reshape,
  sqrt,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core';
import { BATCH_NORM_EPSILON, type BlockSpec, efficientNetB0Stages } from './architecture';
import type { FoldedBlock, FoldedConvolution, FoldedNetwork } from './extractor-ops';
import { NECK_BATCH_NORM_EPSILON } from './neck';
import { batchNormVariables } from './running-statistics';
import type { VariableStore } from './variable-store';

const STEM_STRIDE = 2;

/** The layers between pooled features and embedding. */
export interface FoldedNeck {
  /** The first linear map with the BatchNorm after it, `[features, hidden]`. */
  kernel1: Tensor2D;
  bias1: Tensor1D;
  preluWeight: Tensor;
  /** `[hidden, embeddingSize]` */
  kernel2: Tensor2D;
  bias2: Tensor1D;
}

/** Copies of an extractor's weights, and of what belongs to them. */
export interface Folded<T> {
  weights: T;
  dispose(): void;
}

/**
 * The network up to the pooled features, each BatchNorm folded into the convolution before it:
 * gamma (w x - mean) / sqrt(variance + epsilon) + beta = (w s) x + (beta - mean s), s = gamma / sqrt(variance + epsilon).
 * In tensors, where `inferenceNetwork` works on plain data: WebGPU's weights cannot be read without waiting.
 */
export function foldNetwork(store: VariableStore): Folded<FoldedNetwork> {
  return collect((kept) => ({
    stem: foldConvolution(store, kept, { layer: 'conv_stem', norm: 'bn1' }),
    stemStride: STEM_STRIDE,
    blocks: efficientNetB0Stages()
      .flat()
      .map((block) => foldBlock(store, kept, block)),
    head: foldConvolution(store, kept, { layer: 'conv_head', norm: 'bn2' }),
  }));
}

/** The neck, its BatchNorm folded in the same way. */
export function foldNeck(store: VariableStore): Folded<FoldedNeck> {
  return collect((kept) => {
    const { scale, shift } = scaleAndShift(store, 'neck.bn', NECK_BATCH_NORM_EPSILON);
    return {
      kernel1: kept(mul(store.get('neck.linear1.weight'), scale)) as Tensor2D,
      bias1: kept(add(shift, mul(store.get('neck.linear1.bias'), scale))) as Tensor1D,
      preluWeight: kept(store.get('neck.prelu.weight').clone()),
      kernel2: kept(store.get('neck.linear2.weight').clone()) as Tensor2D,
      bias2: kept(store.get('neck.linear2.bias').clone()) as Tensor1D,
    };
  });
}

/** Keeps a tensor beyond the tidy, and notes it for disposal. */
type Keep = <T extends Tensor>(tensor: T) => T;

function collect<T>(fold: (kept: Keep) => T): Folded<T> {
  const tensors: Tensor[] = [];
  const kept: Keep = (tensor) => {
    tensors.push(keep(tensor));
    return tensor;
  };
  const dispose = () => {
    for (const tensor of tensors) tensor.dispose();
  };
  let weights: T | undefined;
  try {
    tidy(() => {
      weights = fold(kept);
    });
  } catch (error) {
    dispose();
    throw error;
  }
  return { weights: weights as T, dispose };
}

function foldBlock(store: VariableStore, kept: Keep, block: BlockSpec): FoldedBlock {
  const { layers, name, stride, hasExpansion, hasResidual } = block;
  const copy = <T extends Tensor>(parameter: string): T =>
    kept(store.get(`${name}.se.${parameter}`).clone() as Tensor as T);
  return {
    expand: hasExpansion
      ? foldConvolution(store, kept, { layer: layers.expand, norm: layers.expandNorm })
      : null,
    depthwise: foldConvolution(store, kept, { layer: layers.depthwise, norm: layers.depthwiseNorm }),
    stride,
    squeezeExcite: {
      reduceKernel: copy('conv_reduce.weight'),
      reduceBias: copy('conv_reduce.bias'),
      expandKernel: copy('conv_expand.weight'),
      expandBias: copy('conv_expand.bias'),
    },
    project: foldConvolution(store, kept, { layer: layers.project, norm: layers.projectNorm }),
    hasResidual,
  };
}

function foldConvolution(
  store: VariableStore,
  kept: Keep,
  { layer, norm }: { layer: string; norm: string },
): FoldedConvolution {
  const { scale, shift } = scaleAndShift(store, norm, BATCH_NORM_EPSILON);
  const filter = store.get<Tensor4D>(`${layer}.weight`);
  // Channels stand last, but second to last in depthwise filters.
  const isDepthwise = filter.shape[3] === 1;
  return {
    filter: kept(mul(filter, isDepthwise ? reshape(scale, [scale.size, 1]) : scale)) as Tensor4D,
    bias: kept(shift) as Tensor1D,
  };
}

function scaleAndShift(
  store: VariableStore,
  norm: string,
  epsilon: number,
): { scale: Tensor; shift: Tensor } {
  const { gamma, beta, mean, variance } = batchNormVariables(store, norm);
  const scale = div(gamma, sqrt(add(variance, epsilon)));
  return { scale, shift: sub(beta, mul(mean, scale)) };
}
