import {
  ABOVE_ZERO,
  checkNumber,
  checkOptions,
  numberWithin,
  type OptionNames,
  POSITIVE_COUNT,
} from '@serial-oe/foundation';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { type CommonNetworkOptions, createNetwork } from './create-network';
import { relu6 } from './layers/activations';
import { type BatchNormLayerOptions, batchNorm } from './layers/batch-norm';
import { convolution, dense, depthwiseConvolution } from './layers/convolution';
import { glorotUniform } from './layers/initializers';
import { type Layer, sequence, sumOf } from './layers/layer';
import { channelsSideBySide, flattened, reshaped } from './layers/shape';
import type { Network } from './network';

export interface MobileNetV2Options extends CommonNetworkOptions {
  /** Classes that are told apart. */
  nClasses: number;
  /** What the numbers of channels are multiplied by, default 0.5. */
  width?: number;
  /** `[nFrames, nMels]` of the images, default `[64, 128]`. */
  inputShape?: readonly [number, number];
  /**
   * Weight of a batch in the running statistics of BatchNorm, in (0, 1); default 0.001, Keras'. They need several times 1 / weight updates
   * to say anything.
   */
  batchNormMomentum?: number;
}

const OPTIONS: OptionNames<MobileNetV2Options> = {
  nClasses: true,
  width: true,
  inputShape: true,
  batchNormMomentum: true,
  seed: true,
  ops: true,
};
/** Channels, blocks, stride of the first block and expansion: table 2 of Sandler et al., "MobileNetV2" (2018). */
const STAGES = [
  { nChannels: 16, nBlocks: 1, stride: 1, expansion: 1 },
  { nChannels: 24, nBlocks: 2, stride: 2, expansion: 6 },
  { nChannels: 32, nBlocks: 3, stride: 2, expansion: 6 },
  { nChannels: 64, nBlocks: 4, stride: 2, expansion: 6 },
  { nChannels: 96, nBlocks: 3, stride: 1, expansion: 6 },
  { nChannels: 160, nBlocks: 3, stride: 2, expansion: 6 },
  { nChannels: 320, nBlocks: 1, stride: 1, expansion: 6 },
] as const;
const N_STEM = 32;
/** Channels at the end, never fewer whatever the width. */
const N_LAST = 1280;
/** Numbers of channels are multiples of it. */
const DIVISOR = 8;
/** A colour image: the one channel of a spectrogram stands there three times, as in the DCASE2021 baseline. */
const N_INPUT_CHANNELS = 3;
/** Keras' MobileNetV2. */
const BATCH_NORM_EPSILON = 1e-3;
const BATCH_NORM_MOMENTUM = 0.001;

/**
 * Keras' MobileNetV2 with its classifier, as the DCASE2021 baseline trains it from nothing: images `[batch, nFrames, nMels, 1]`
 * to logits.
 *
 * @returns to `[batch, nClasses]`, before softmax
 */
export function createMobileNetV2(options: MobileNetV2Options): Network<readonly [Tensor4D]> {
  const where = 'baselines.createMobileNetV2';
  checkOptions(where, options, OPTIONS);
  const { nClasses, width = 0.5, inputShape = [64, 128], ...others } = options;
  const { batchNormMomentum: momentum = BATCH_NORM_MOMENTUM, ...common } = others;
  checkNumber(`${where}: nClasses`, nClasses, POSITIVE_COUNT);
  checkNumber(`${where}: width`, width, ABOVE_ZERO);
  checkNumber(`${where}: batchNormMomentum`, momentum, numberWithin(Number.MIN_VALUE, 1));
  const norm = { epsilon: BATCH_NORM_EPSILON, momentum, isUnbiased: true };
  for (const size of inputShape) checkNumber(`${where}: inputShape`, size, POSITIVE_COUNT);
  const nStem = roundedChannels(N_STEM * width);
  const nLast = width > 1 ? roundedChannels(N_LAST * width) : N_LAST;
  let nIn = nStem;
  const blocks = STAGES.flatMap(({ nChannels, nBlocks, stride, expansion }, stage) =>
    Array.from({ length: nBlocks }, (_, i) => {
      const nOut = roundedChannels(Math.floor(nChannels * width));
      const block = { nIn, nOut, expansion, stride: i === 0 ? stride : 1, norm };
      nIn = nOut;
      return invertedResidual(`blocks.${stage}.${i}`, block);
    }),
  );
  const stem = { kernelShape: [3, 3], nIn: N_INPUT_CHANNELS, nOut: nStem, stride: 2, isInput: true } as const;
  const features = sequence(
    normalized('stem', convolution('stem.conv', { ...stem, initializer: glorotUniform }), {
      ...{ nChannels: nStem, norm },
    }),
    ...blocks,
    pointwise('last', { nIn, nOut: nLast, norm }),
  );
  const classifier = dense('classifier', {
    nIn: nLast,
    nOut: nClasses,
    initializer: glorotUniform,
    bias: true,
  });
  return createNetwork<readonly [Tensor4D]>({
    ...common,
    name: 'mobilenetv2',
    parameters: [...features.parameters, ...classifier.parameters],
    forward([x], context) {
      const { differentiable, ops } = context;
      const image = channelsSideBySide(differentiable, Array<Tensor4D>(N_INPUT_CHANNELS).fill(x));
      const pooled = ops.globalAveragePool(features.apply(image, context));
      const vectors = reshaped<Tensor4D>(differentiable, pooled, [x.shape[0], 1, 1, nLast]);
      return flattened(differentiable, classifier.apply(vectors, context));
    },
  });
}

/** The nearest multiple of 8, but not more than a tenth below. */
function roundedChannels(n: number): number {
  const nearest = Math.max(DIVISOR, Math.floor((n + DIVISOR / 2) / DIVISOR) * DIVISOR);
  return nearest < 0.9 * n ? nearest + DIVISOR : nearest;
}

interface Pointwise {
  nIn: number;
  nOut: number;
  norm: BatchNormLayerOptions;
}

interface Block extends Pointwise {
  expansion: number;
  stride: number;
}

/** 1x1 to more channels, depthwise 3x3, 1x1 back without activation; plus the input where shapes allow it. */
function invertedResidual(name: string, { nIn, nOut, expansion, stride, norm }: Block): Layer {
  const nMid = nIn * expansion;
  const filters = { kernelShape: [3, 3], nChannels: nMid, stride, initializer: glorotUniform } as const;
  const projection = { kernelShape: [1, 1], nIn: nMid, nOut, initializer: glorotUniform } as const;
  const branch = sequence(
    ...(expansion === 1 ? [] : [pointwise(`${name}.expand`, { nIn, nOut: nMid, norm })]),
    normalized(`${name}.depthwise`, depthwiseConvolution(`${name}.depthwise.conv_dw`, filters), {
      ...{ nChannels: nMid, norm },
    }),
    convolution(`${name}.project.conv`, projection),
    batchNorm(`${name}.project.bn`, nOut, norm),
  );
  return stride === 1 && nIn === nOut ? sumOf(branch, sequence()) : branch;
}

function pointwise(name: string, { nIn, nOut, norm }: Pointwise): Layer {
  const options = { kernelShape: [1, 1], nIn, nOut, initializer: glorotUniform } as const;
  return normalized(name, convolution(`${name}.conv`, options), { nChannels: nOut, norm });
}

/** BatchNorm and ReLU6 after a convolution. */
function normalized(
  name: string,
  layer: Layer,
  { nChannels, norm }: { nChannels: number; norm: BatchNormLayerOptions },
): Layer {
  return sequence(layer, batchNorm(`${name}.bn`, nChannels, norm), relu6());
}
