import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { BATCH_NORM_EPSILON, type BlockSpec, efficientNetB0Stages } from './architecture';
import type { Activation, ExtractorOps } from './extractor-ops';
import { batchNormVariables, updateRunningStatistics } from './running-statistics';
import type { VariableStore } from './variable-store';

/** What a pass through the network needs besides its input. */
export interface PassContext {
  ops: ExtractorOps;
  store: VariableStore;
  /** Batch statistics (which also move the running ones), or running statistics. */
  isTraining: boolean;
  /** Called with a tensor of this pass after its last use. */
  release(x: Tensor4D): void;
}

/** Outputs at each depth of EfficientNet, NHWC. */
export interface StageOutputs {
  /** After the first convolution, its BatchNorm and swish. */
  stem: Tensor4D;
  /** After each of the 7 stages. */
  stages: Tensor4D[];
  /** After the last 1x1 convolution, its BatchNorm and swish, `[batch, h, w, 1280]`. */
  head: Tensor4D;
}

/** EfficientNet-B0 up to the last 1x1 convolution. */
export function backboneStages(x: Tensor4D, context: PassContext): StageOutputs {
  const { ops, store } = context;
  const stemFilter = store.get<Tensor4D>('conv_stem.weight');
  const stem = normalize(ops.conv2d(x, stemFilter, { stride: 2, isInput: true }), context, {
    name: 'bn1',
    activation: 'swish',
  });
  const stages: Tensor4D[] = [];
  let h = stem;
  for (const blocks of efficientNetB0Stages()) {
    for (const block of blocks) {
      const input = h;
      h = invertedResidual(input, block, context);
      context.release(input);
    }
    stages.push(h);
  }
  const last = ops.pointwiseConv2d(h, store.get('conv_head.weight'));
  context.release(h);
  return { stem, stages, head: normalize(last, context, { name: 'bn2', activation: 'swish' }) };
}

/** EfficientNet-B0's pooled features, `[batch, 1280]`. */
export function backboneFeatures(x: Tensor4D, context: PassContext): Tensor2D {
  const { head } = backboneStages(x, context);
  const features = context.ops.globalAveragePool(head);
  context.release(head);
  return features;
}

/** Expand, depthwise, squeeze-excite, project, and the residual connection where shapes allow it. */
function invertedResidual(input: Tensor4D, block: BlockSpec, context: PassContext): Tensor4D {
  const { ops, store, release } = context;
  const { layers } = block;
  const weight = (name: string) => store.get<Tensor4D>(`${name}.weight`);

  let x = input;
  if (block.hasExpansion) {
    const expanded = ops.pointwiseConv2d(input, weight(layers.expand));
    x = normalize(expanded, context, { name: layers.expandNorm, activation: 'swish' });
  }
  const depthwise = ops.depthwiseConv2d(x, weight(layers.depthwise), { stride: block.stride });
  if (x !== input) release(x);
  const activated = normalize(depthwise, context, { name: layers.depthwiseNorm, activation: 'swish' });
  const excited = squeezeExcite(activated, block, context);
  release(activated);
  const projected = ops.pointwiseConv2d(excited, weight(layers.project));
  release(excited);
  const output = normalize(projected, context, { name: layers.projectNorm, activation: 'none' });
  if (!block.hasResidual) return output;
  const sum = ops.add(output, input);
  release(output);
  return sum;
}

function squeezeExcite(x: Tensor4D, block: BlockSpec, { ops, store }: PassContext): Tensor4D {
  const name = `${block.name}.se`;
  return ops.squeezeExcite(x, {
    reduceKernel: store.get<Tensor2D>(`${name}.conv_reduce.weight`),
    reduceBias: store.get<Tensor1D>(`${name}.conv_reduce.bias`),
    expandKernel: store.get<Tensor2D>(`${name}.conv_expand.weight`),
    expandBias: store.get<Tensor1D>(`${name}.conv_expand.bias`),
  });
}

/** BatchNorm and activation; releases its input. */
function normalize(
  x: Tensor4D,
  { ops, store, isTraining, release }: PassContext,
  { name, activation }: { name: string; activation: Activation },
): Tensor4D {
  const options = { epsilon: BATCH_NORM_EPSILON, activation };
  const statistics = batchNormVariables(store, name);
  if (!isTraining) {
    const output = ops.batchNormInference(x, statistics, options);
    release(x);
    return output;
  }
  const n = x.size / x.shape[3];
  const { output, mean, variance } = ops.batchNormTraining(x, statistics, options);
  release(x);
  updateRunningStatistics(store, name, { mean, variance, n });
  return output;
}
