import { checkNumber, checkOptions, type OptionNames, POSITIVE_COUNT } from '@serial-oe/foundation';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { type CommonNetworkOptions, createNetwork } from './create-network';
import { leakyRelu } from './layers/activations';
import { batchNorm, KERAS_BATCH_NORM } from './layers/batch-norm';
import { convolution, dense } from './layers/convolution';
import { glorotUniform } from './layers/initializers';
import { type Layer, sequence, sumOf } from './layers/layer';
import { maxPool } from './layers/max-pool';
import { flattened, reshaped } from './layers/shape';
import type { Network } from './network';

export interface ScadacosNetworkOptions extends CommonNetworkOptions {
  /** Frames of a spectrogram, default 313. */
  nFrames?: number;
  /** Mel bands, default 128. */
  nMels?: number;
  /** Length of the embedding, default 128. */
  embeddingSize?: number;
}

const OPTIONS: OptionNames<ScadacosNetworkOptions> = {
  nFrames: true,
  nMels: true,
  embeddingSize: true,
  seed: true,
  ops: true,
};
const SLOPE = 0.1;
const N_STEM = 16;
/** Widths of the stages; all but the first begin with a halving. */
const STAGES = [16, 32, 64, 128] as const;
/** The image must be so large that a row and a column are left of it. */
const MIN_SIZE = 6;

/**
 * The residual network of sub-cluster AdaCos (Wilkinghoff, IJCNN 2021), on standardised log-mel spectrograms
 * `[batch, nFrames, nMels, 1]`, frames downwards. Keras' padding, initial weights and BatchNorm.
 *
 * @returns to embeddings `[batch, embeddingSize]`, not normalised
 */
export function createScadacosNetwork(options: ScadacosNetworkOptions): Network<readonly [Tensor4D]> {
  const where = 'baselines.createScadacosNetwork';
  checkOptions(where, options, OPTIONS);
  const { nFrames = 313, nMels = 128, embeddingSize = 128, ...common } = options;
  const size = { isValid: (value: number) => Number.isInteger(value) && value >= MIN_SIZE };
  const rule = { ...size, rule: `be a whole number of at least ${MIN_SIZE}` };
  checkNumber(`${where}: nFrames`, nFrames, rule);
  checkNumber(`${where}: nMels`, nMels, rule);
  checkNumber(`${where}: embeddingSize`, embeddingSize, POSITIVE_COUNT);
  const [height, width] = [nFrames, nMels].map(sizeAfterStages) as [number, number];
  const nLast = STAGES[STAGES.length - 1]!;
  const features = sequence(
    convolution('stem.conv', {
      kernelShape: [7, 7],
      nIn: 1,
      nOut: N_STEM,
      stride: 2,
      isInput: true,
      slope: SLOPE,
      ...KERAS,
    }),
    batchNorm('stem.bn', N_STEM, KERAS_BATCH_NORM),
    maxPool({ windowShape: [3, 3], strides: [2, 2], padding: 'valid' }),
    ...STAGES.flatMap((nOut, stage) => {
      const nIn = STAGES[stage - 1];
      const name = `stages.${stage}`;
      const first = nIn === undefined ? identityBlock(`${name}.0`, nOut) : downBlock(`${name}.0`, nIn, nOut);
      return [first, identityBlock(`${name}.1`, nOut)];
    }),
    maxPool({ windowShape: [height, 1], padding: 'valid' }), // 10 of 10 rows at 313 frames
  );
  const embedding = dense('embedding', { nIn: width * nLast, nOut: embeddingSize, ...KERAS });
  return createNetwork<readonly [Tensor4D]>({
    ...common,
    name: 'scadacos',
    parameters: [...features.parameters, ...embedding.parameters],
    forward([x], context) {
      const { differentiable } = context;
      const h = features.apply(x, context);
      const vectors = reshaped<Tensor4D>(differentiable, h, [h.shape[0], 1, 1, width * nLast]);
      return flattened(differentiable, embedding.apply(vectors, context));
    },
  });
}

const KERAS = { initializer: glorotUniform, bias: true } as const;

/** LeakyReLU, 3x3, LeakyReLU, BatchNorm, 3x3, plus the input, BatchNorm. */
function identityBlock(name: string, nChannels: number): Layer {
  return sequence(
    sumOf(branch(name, { nIn: nChannels, nOut: nChannels, stride: 1 }), sequence()),
    batchNorm(`${name}.bn2`, nChannels, KERAS_BATCH_NORM),
  );
}

/** The same with half the height and width; the input goes through a max pool and a 1x1 convolution to its new width. */
function downBlock(name: string, nIn: number, nOut: number): Layer {
  const shortcut = sequence(
    maxPool({ windowShape: [2, 2], padding: 'same' }),
    convolution(`${name}.shortcut`, { kernelShape: [1, 1], nIn, nOut, ...KERAS }),
  );
  return sequence(
    sumOf(branch(name, { nIn, nOut, stride: 2 }), shortcut),
    batchNorm(`${name}.bn2`, nOut, KERAS_BATCH_NORM),
  );
}

function branch(name: string, { nIn, nOut, stride }: { nIn: number; nOut: number; stride: number }): Layer {
  return sequence(
    leakyRelu(SLOPE),
    convolution(`${name}.conv1`, { kernelShape: [3, 3], nIn, nOut, stride, slope: SLOPE, ...KERAS }),
    batchNorm(`${name}.bn1`, nOut, KERAS_BATCH_NORM),
    convolution(`${name}.conv2`, { kernelShape: [3, 3], nIn: nOut, nOut, ...KERAS }),
  );
}

/** Halved by the stem, pooled by 3 with stride 2, and halved once a stage from the second on. */
function sizeAfterStages(size: number): number {
  const pooled = Math.floor((Math.ceil(size / 2) - 3) / 2) + 1;
  return STAGES.slice(1).reduce((length) => Math.ceil(length / 2), pooled);
}
