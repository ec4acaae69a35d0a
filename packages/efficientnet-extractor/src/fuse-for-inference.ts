import {
  add,
  div,
  fused,
  keep,
  matMul,
  maximum,
  minimum,
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
import { checkInput } from './check';
import type { Extractor } from './extractor';
import { NECK_BATCH_NORM_EPSILON } from './neck';
import { batchNormVariables } from './running-statistics';
import { spatialMean } from './tf-ops/reductions';
import { swish } from './tf-ops/swish';
import type { VariableStore } from './variable-store';

/** An extractor for inference alone; holds folded copies of the weights. */
export interface FusedExtractor {
  /** Embeddings `[batch, embeddingSize]`, those of the extractor's `embed` to 1e-4. */
  embed(x: Tensor4D): Tensor2D;
  dispose(): void;
}

/** A convolution or linear map with the BatchNorm after it folded in. */
interface Folded {
  filter: Tensor;
  bias: Tensor1D;
}

/** Folded layers by the name of the convolution; plain tensors by the name of the parameter. */
interface FusedWeights {
  folded: Map<string, Folded>;
  plain: Map<string, Tensor>;
}

/**
 * Folds each BatchNorm into the convolution before it and fuses the bias into the convolution kernels:
 * gamma (w x - mean) / sqrt(variance + epsilon) + beta = (w s) x + (beta - mean s), s = gamma / sqrt(variance + epsilon).
 * The weights are those of this moment; training the extractor on does not change the result.
 *
 * @example
 * const fused = fuseForInference(extractor);
 * const embedding = fused.embed(x);
 * fused.dispose();
 */
export function fuseForInference(extractor: Extractor): FusedExtractor {
  const { inputShape } = extractor.config;
  const weights = foldWeights(extractor.store);
  let isDisposed = false;
  return {
    embed(x) {
      if (isDisposed) {
        throw new Error(
          'efficientnet-extractor.embed: the fused extractor must not be disposed. Fuse again.',
        );
      }
      checkInput('embed', x, { inputShape, minBatch: 1 });
      return tidy(() => fusedNeck(fusedBackbone(x, weights), weights));
    },
    dispose() {
      if (isDisposed) return;
      isDisposed = true;
      for (const { filter, bias } of weights.folded.values()) {
        filter.dispose();
        bias.dispose();
      }
      for (const tensor of weights.plain.values()) tensor.dispose();
    },
  };
}

function foldWeights(store: VariableStore): FusedWeights {
  const folded = new Map<string, Folded>();
  const plain = new Map<string, Tensor>();
  const fold = (layer: string, norm: string, epsilon = BATCH_NORM_EPSILON) =>
    folded.set(layer, foldBatchNorm(store, { layer, norm, epsilon }));
  const copy = (name: string) => plain.set(name, store.get(name).clone());

  fold('conv_stem', 'bn1');
  for (const block of efficientNetB0Stages().flat()) {
    const { layers, name } = block;
    if (block.hasExpansion) fold(layers.expand, layers.expandNorm);
    fold(layers.depthwise, layers.depthwiseNorm);
    fold(layers.project, layers.projectNorm);
    for (const layer of ['conv_reduce', 'conv_expand']) {
      copy(`${name}.se.${layer}.weight`);
      copy(`${name}.se.${layer}.bias`);
    }
  }
  fold('conv_head', 'bn2');
  fold('neck.linear1', 'neck.bn', NECK_BATCH_NORM_EPSILON);
  for (const name of ['neck.prelu.weight', 'neck.linear2.weight', 'neck.linear2.bias']) copy(name);
  for (const { filter, bias } of folded.values()) {
    keep(filter);
    keep(bias);
  }
  for (const tensor of plain.values()) keep(tensor);
  return { folded, plain };
}

function foldBatchNorm(
  store: VariableStore,
  { layer, norm, epsilon }: { layer: string; norm: string; epsilon: number },
): Folded {
  const { gamma, beta, mean, variance } = batchNormVariables(store, norm);
  return tidy(() => {
    const scale = div(gamma, sqrt(add(variance, epsilon)));
    const filter = store.get(`${layer}.weight`);
    // Channels stand last, but second to last in depthwise filters.
    const isDepthwise = filter.rank === 4 && filter.shape[3] === 1;
    const shift = sub(beta, mul(mean, scale));
    const hasBias = layer.startsWith('neck.');
    return {
      filter: mul(filter, isDepthwise ? reshape(scale, [scale.size, 1]) : scale),
      bias: (hasBias ? add(shift, mul(store.get(`${layer}.bias`), scale)) : shift) as Tensor1D,
    };
  });
}

/** Pooled features, `[batch, 1280]`. */
function fusedBackbone(x: Tensor4D, weights: FusedWeights): Tensor2D {
  let h = tidy(() => swish(convolve(x, weights.folded.get('conv_stem')!, 2)));
  for (const block of efficientNetB0Stages().flat()) {
    const input = h;
    h = tidy(() => fusedBlock(input, block, weights));
    input.dispose();
  }
  return spatialMean(tidy(() => swish(convolve(h, weights.folded.get('conv_head')!, 1))));
}

function fusedBlock(input: Tensor4D, block: BlockSpec, { folded, plain }: FusedWeights): Tensor4D {
  const { layers, stride } = block;
  const expanded = tidy(() =>
    block.hasExpansion ? swish(convolve(input, folded.get(layers.expand)!, 1)) : input,
  );
  const { filter, bias } = folded.get(layers.depthwise)!;
  const depthwise = tidy(() =>
    swish(
      fused.depthwiseConv2d({
        x: expanded,
        filter: filter as Tensor4D,
        strides: stride,
        pad: 'same',
        bias,
      }) as Tensor4D,
    ),
  );
  if (expanded !== input) expanded.dispose();
  const excited = tidy(() => mul(depthwise, gate(depthwise, `${block.name}.se`, plain)) as Tensor4D);
  depthwise.dispose();
  const projected = convolve(excited, folded.get(layers.project)!, 1);
  return block.hasResidual ? add(projected, input) : projected;
}

/** Squeeze-excite's factor of each channel, `[batch, 1, 1, channels]`. */
function gate(x: Tensor4D, name: string, plain: ReadonlyMap<string, Tensor>): Tensor4D {
  const dense = (input: Tensor2D, layer: string, activation: 'linear' | 'sigmoid') =>
    fused.matMul({
      a: input,
      b: plain.get(`${name}.${layer}.weight`) as Tensor2D,
      bias: plain.get(`${name}.${layer}.bias`)!,
      activation,
    }) as Tensor2D;
  const reduced = swish(dense(spatialMean(x), 'conv_reduce', 'linear'));
  const factors = dense(reduced, 'conv_expand', 'sigmoid');
  return reshape(factors, [x.shape[0], 1, 1, x.shape[3]]);
}

function convolve(x: Tensor4D, { filter, bias }: Folded, strides: number): Tensor4D {
  return fused.conv2d({ x, filter: filter as Tensor4D, strides, pad: 'same', bias }) as Tensor4D;
}

function fusedNeck(features: Tensor2D, { folded, plain }: FusedWeights): Tensor2D {
  const { filter, bias } = folded.get('neck.linear1')!;
  const hidden = add(matMul(features, filter as Tensor2D), bias);
  const activated = add(maximum(hidden, 0), mul(minimum(hidden, 0), plain.get('neck.prelu.weight')!));
  const embedding = matMul(activated as Tensor2D, plain.get('neck.linear2.weight') as Tensor2D);
  return add(embedding, plain.get('neck.linear2.bias')!);
}
