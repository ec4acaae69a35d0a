import { checkOptions, type OptionNames } from '@serial-oe/foundation';
import type { WeightArray } from '@serial-oe/safetensors';
import { BATCH_NORM_EPSILON, type BlockSpec, efficientNetB0Stages } from './architecture';
import { checkFinite, checkWeights } from './check-weights';
import type { ExtractorConfig } from './extractor';
import { NECK_BATCH_NORM_EPSILON } from './neck';
import { backboneParameters, headParameters } from './parameters';

/** A convolution with TensorFlow's SAME padding, BatchNorm folded in. */
export interface InferenceConvolution {
  name: string;
  /** `[size, size, in, out]`; depthwise `[size, size, channels, 1]`. */
  filter: WeightArray;
  /** `[out]` */
  bias: WeightArray;
  stride: number;
  isDepthwise: boolean;
  /** swish(x) = x sigmoid(x). */
  activation: 'swish' | 'none';
}

/** x W + b. */
export interface InferenceLinear {
  name: string;
  /** `[in, out]` */
  weight: WeightArray;
  /** `[out]` */
  bias: WeightArray;
}

/** One inverted-residual block. */
export interface InferenceBlock {
  /** timm's name, for example `blocks.2.1`. */
  name: string;
  /** Null in the first stage. */
  expand: InferenceConvolution | null;
  depthwise: InferenceConvolution;
  /** Factors of the channels: sigmoid(expand(swish(reduce(spatial mean)))). */
  squeezeExcite: { reduce: InferenceLinear; expand: InferenceLinear };
  project: InferenceConvolution;
  /** Whether the block's input is added to its output. */
  hasResidual: boolean;
}

/** The extractor for inference as plain data, in the order of the forward pass: what an exporter needs. */
export interface InferenceNetwork {
  /** `[nMels, nFrames]` */
  inputShape: readonly [number, number];
  embeddingSize: number;
  stem: InferenceConvolution;
  blocks: InferenceBlock[];
  /** The last 1x1 convolution; its spatial mean goes into the neck. */
  head: InferenceConvolution;
  /** linear2(prelu(linear1(features))), prelu(x) = max(x, 0) + slope min(x, 0). */
  neck: { linear1: InferenceLinear; slope: number; linear2: InferenceLinear };
}

/** The shape of the spectrograms; the rest of an extractor's configuration may come along. */
export type InferenceNetworkOptions = Pick<ExtractorConfig, 'inputShape'> & Partial<ExtractorConfig>;

const OPTIONS: OptionNames<InferenceNetworkOptions> = {
  inputShape: true,
  embeddingSize: true,
  nMachineIds: true,
  dropoutRate: true,
  seed: true,
};

/**
 * Folds each BatchNorm into the layer before it, in float64, and lists the layers that are left:
 * gamma (w x - mean) / sqrt(variance + epsilon) + beta = (w s) x + (beta - mean s), s = gamma / sqrt(variance + epsilon).
 * Needs no backend.
 *
 * @param weights as `toWeights` gives them; those of the heads may be missing
 * @throws WeightMismatchError for missing and misshapen tensors; RangeError for values that are not finite
 * @example
 * const network = inferenceNetwork(extractor.toWeights(), extractor.config);
 */
export function inferenceNetwork(
  weights: ReadonlyMap<string, WeightArray>,
  options: InferenceNetworkOptions,
): InferenceNetwork {
  checkOptions('efficientnet-extractor.inferenceNetwork', options, OPTIONS);
  const { inputShape } = options;
  const used = checkedWeights(weights);
  const linear1 = foldedLinear(used, 'neck.linear1', { norm: 'neck.bn', epsilon: NECK_BATCH_NORM_EPSILON });
  return {
    inputShape: [...inputShape],
    embeddingSize: linear1.bias.data.length,
    stem: foldedConvolution(used, { layer: 'conv_stem', norm: 'bn1', stride: 2, activation: 'swish' }),
    blocks: efficientNetB0Stages()
      .flat()
      .map((spec) => inferenceBlock(used, spec)),
    head: foldedConvolution(used, { layer: 'conv_head', norm: 'bn2', activation: 'swish' }),
    neck: {
      linear1,
      slope: used.get('neck.prelu.weight')!.data[0]!,
      linear2: linear(used, 'neck.linear2'),
    },
  };
}

type Weights = ReadonlyMap<string, WeightArray>;

/** The tensors up to the embedding. */
function checkedWeights(weights: Weights): Weights {
  const embeddingSize = weights.get('neck.linear1.bias')?.shape[0] ?? 0;
  const expected = new Map(
    [...backboneParameters(), ...headParameters(embeddingSize, 0)]
      .filter(({ name }) => !name.startsWith('type_head.'))
      .map(({ name, shape }) => [name, shape]),
  );
  const used = new Map([...weights].filter(([name]) => expected.has(name)));
  checkWeights('efficientnet-extractor.inferenceNetwork', expected, used);
  checkFinite('efficientnet-extractor.inferenceNetwork', used);
  return used;
}

function inferenceBlock(weights: Weights, spec: BlockSpec): InferenceBlock {
  const { name, layers, stride, hasExpansion, hasResidual } = spec;
  const convolution = (layer: string, norm: string, rest: Partial<ConvolutionOptions>) =>
    foldedConvolution(weights, { layer, norm, ...rest });
  return {
    name,
    expand: hasExpansion ? convolution(layers.expand, layers.expandNorm, { activation: 'swish' }) : null,
    depthwise: convolution(layers.depthwise, layers.depthwiseNorm, {
      stride,
      activation: 'swish',
      isDepthwise: true,
    }),
    squeezeExcite: {
      reduce: linear(weights, `${name}.se.conv_reduce`),
      expand: linear(weights, `${name}.se.conv_expand`),
    },
    project: convolution(layers.project, layers.projectNorm, {}),
    hasResidual,
  };
}

interface ConvolutionOptions {
  layer: string;
  norm: string;
  stride?: number;
  activation?: 'swish' | 'none';
  isDepthwise?: boolean;
}

function foldedConvolution(weights: Weights, options: ConvolutionOptions): InferenceConvolution {
  const { layer, norm, stride = 1, activation = 'none', isDepthwise = false } = options;
  const { scale, shift } = scaleAndShift(weights, norm, BATCH_NORM_EPSILON);
  const filter = scaleChannels(weights.get(`${layer}.weight`)!, scale);
  return { name: layer, filter, bias: vector(shift), stride, isDepthwise, activation };
}

function foldedLinear(
  weights: Weights,
  layer: string,
  { norm, epsilon }: { norm: string; epsilon: number },
): InferenceLinear {
  const { weight, bias } = linear(weights, layer);
  const { scale, shift } = scaleAndShift(weights, norm, epsilon);
  const folded = shift.map((value, channel) => value + bias.data[channel]! * scale[channel]!);
  return { name: layer, weight: scaleChannels(weight, scale), bias: vector(folded) };
}

function linear(weights: Weights, layer: string): InferenceLinear {
  return { name: layer, weight: weights.get(`${layer}.weight`)!, bias: weights.get(`${layer}.bias`)! };
}

function scaleAndShift(
  weights: Weights,
  norm: string,
  epsilon: number,
): { scale: Float64Array; shift: Float64Array } {
  const values = (name: string) => weights.get(`${norm}.${name}`)!.data;
  const [gamma, beta] = [values('weight'), values('bias')];
  const [mean, variance] = [values('running_mean'), values('running_var')];
  const negative = variance.findIndex((value) => value < 0);
  if (negative >= 0) {
    throw new RangeError(
      `efficientnet-extractor.inferenceNetwork: weights must hold running variances of at least 0, got ${variance[negative]} ` +
        `at ${norm}.running_var[${negative}]. The file or the training run that made them is broken.`,
    );
  }
  const scale = Float64Array.from(gamma, (value, i) => value / Math.sqrt(variance[i]! + epsilon));
  return { scale, shift: scale.map((factor, i) => beta[i]! - mean[i]! * factor) };
}

/** Channels vary fastest; in depthwise filters too, whose last length is 1. */
function scaleChannels({ shape, data }: WeightArray, scale: Float64Array): WeightArray {
  return { shape: [...shape], data: data.map((value, i) => value * scale[i % scale.length]!) };
}

function vector(values: Float64Array): WeightArray {
  return { shape: [values.length], data: Float32Array.from(values) };
}
