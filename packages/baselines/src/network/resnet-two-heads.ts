import { createDifferentiable, type Differentiable } from '@serial-oe/efficientnet-extractor/layers';
import { checkNumber, checkOptions, type OptionNames, POSITIVE_COUNT } from '@serial-oe/foundation';
import { pad, reshape, slice, type Tensor1D, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { type CommonNetworkOptions, createNetwork } from './create-network';
import { relu } from './layers/activations';
import { batchNorm } from './layers/batch-norm';
import { convolution, dense } from './layers/convolution';
import { heFanOut, torchUniform } from './layers/initializers';
import { type Layer, type LayerContext, sequence, sumOf } from './layers/layer';
import { maxPool } from './layers/max-pool';
import { channelsSideBySide, flattened, reshaped } from './layers/shape';
import type { Network } from './network';

// What is known of the network of Kuroyanagi et al. (EUSIPCO 2021) is a ResNet of PANNs with two heads and images of 256 frames.
// All that follows is chosen here.
const N_STEM = 32;
/** Channels of the stages; all but the first begin with a halving. */
const STAGES = [32, 64, 128, 256] as const;
const N_BLOCKS = 2;

export interface ResnetTwoHeadsOptions extends CommonNetworkOptions {
  /** Frames of an image, default 256. */
  nFrames?: number;
  /** Mel bands, default 64. */
  nMels?: number;
  /** Length of the embedding that the first head gives, default 128. */
  embeddingSize?: number;
}

const OPTIONS: OptionNames<ResnetTwoHeadsOptions> = {
  nFrames: true,
  nMels: true,
  embeddingSize: true,
  seed: true,
  ops: true,
};

/**
 * A residual network with two heads for DDCSAD-style training: images `[batch, nFrames, nMels, 1]` to an embedding, whose
 * distances to centroids are trained, and the logit of "normal sound of the machine", a dense layer on its ReLU. Two 3x3
 * convolutions and a max pool, four stages of two blocks each; then the mean over bands, and of that the mean plus the
 * maximum over time, as in PANNs.
 *
 * @returns to `[batch, embeddingSize + 1]`: see {@link splitHeads}
 */
export function createResnetTwoHeads(options: ResnetTwoHeadsOptions): Network<readonly [Tensor4D]> {
  const where = 'baselines.createResnetTwoHeads';
  checkOptions(where, options, OPTIONS);
  const { nFrames = 256, nMels = 64, embeddingSize = 128, ...common } = options;
  for (const [name, value] of Object.entries({ nFrames, nMels, embeddingSize })) {
    checkNumber(`${where}: ${name}`, value, POSITIVE_COUNT);
  }
  const height = [2, ...STAGES.slice(1)].reduce<number>((length) => Math.ceil(length / 2), nFrames);
  const nLast = STAGES[STAGES.length - 1]!;
  const features = sequence(
    normalized('stem.0', { nIn: 1, nOut: N_STEM, stride: 1 }, relu()),
    normalized('stem.1', { nIn: N_STEM, nOut: N_STEM, stride: 1 }, relu()),
    maxPool({ windowShape: [2, 2], padding: 'same' }),
    ...STAGES.flatMap((nOut, stage) =>
      Array.from({ length: N_BLOCKS }, (_, i) => {
        const nIn = i > 0 ? nOut : (STAGES[stage - 1] ?? N_STEM);
        return block(`stages.${stage}.${i}`, { nIn, nOut, stride: stage > 0 && i === 0 ? 2 : 1 });
      }),
    ),
  );
  const maximum = maxPool({ windowShape: [height, 1], padding: 'valid' });
  const embedding = dense('embedding', {
    nIn: nLast,
    nOut: embeddingSize,
    initializer: torchUniform,
    bias: torchUniform,
  });
  const classifier = sequence(
    relu(),
    dense('classifier', { nIn: embeddingSize, nOut: 1, initializer: torchUniform, bias: torchUniform }),
  );
  return createNetwork<readonly [Tensor4D]>({
    ...common,
    name: 'resnet',
    parameters: [features, embedding, classifier].flatMap(({ parameters }) => parameters),
    forward([x], context) {
      const pooled = pooledOverTime(features.apply(x, context), maximum, context);
      const first = embedding.apply(pooled, context);
      const both = [first, classifier.apply(first, context)];
      return flattened(context.differentiable, channelsSideBySide(context.differentiable, both));
    },
  });
}

/** What the two heads say. */
export interface TwoHeads {
  /** `[batch, embeddingSize]` */
  embedding: Tensor2D;
  /** `[batch]` */
  logits: Tensor1D;
}

/** The two heads of an output of {@link createResnetTwoHeads}; differentiable. */
export function splitHeads(outputs: Tensor2D): TwoHeads {
  const differentiable = createDifferentiable();
  const embeddingSize = outputs.shape[1] - 1;
  const logits = columns(differentiable, outputs, { first: embeddingSize, count: 1 });
  return {
    embedding: columns(differentiable, outputs, { first: 0, count: embeddingSize }),
    logits: reshaped<Tensor1D>(differentiable, logits, [outputs.shape[0]]),
  };
}

function columns(
  differentiable: Differentiable,
  x: Tensor2D,
  { first, count }: { first: number; count: number },
): Tensor2D {
  const [batch, nColumns] = x.shape;
  return differentiable<Tensor2D>(
    [x],
    () => ({ value: slice(x, [0, first], [batch, count]), saved: [] }),
    (dy) => [
      pad(reshape(dy, [batch, count]), [
        [0, 0],
        [first, nColumns - first - count],
      ]),
    ],
  );
}

/** `[batch, h, w, channels]` -> `[batch, 1, 1, channels]`: the mean over w, and of that the mean plus the maximum over h. */
function pooledOverTime(x: Tensor4D, maximum: Layer, context: LayerContext): Tensor4D {
  const { ops, differentiable } = context;
  const [batch, height, width, nChannels] = x.shape;
  const lines = reshaped<Tensor4D>(differentiable, x, [batch * height, 1, width, nChannels]);
  const course = reshaped<Tensor4D>(differentiable, ops.globalAveragePool(lines), [
    batch,
    height,
    1,
    nChannels,
  ]);
  const mean = reshaped<Tensor4D>(differentiable, ops.globalAveragePool(course), [batch, 1, 1, nChannels]);
  return ops.add(mean, maximum.apply(course, context));
}

interface Sizes {
  nIn: number;
  nOut: number;
  stride: number;
}

/** Two 3x3 convolutions; the input, through a 1x1 convolution where its shape changes, is added before the last ReLU. */
function block(name: string, { nIn, nOut, stride }: Sizes): Layer {
  const branch = sequence(
    normalized(`${name}.0`, { nIn, nOut, stride }, relu()),
    normalized(`${name}.1`, { nIn: nOut, nOut, stride: 1 }),
  );
  const shortcut =
    stride === 1 && nIn === nOut
      ? sequence()
      : sequence(
          convolution(`${name}.shortcut.conv`, {
            kernelShape: [1, 1],
            ...{ nIn, nOut, stride, padding: 'valid', initializer: heFanOut },
          }),
          batchNorm(`${name}.shortcut.bn`, nOut),
        );
  return sequence(sumOf(branch, shortcut), relu());
}

/** 3x3 convolution with PyTorch's padding, BatchNorm, and an activation where one is wanted. */
function normalized(name: string, { nIn, nOut, stride }: Sizes, activation = sequence()): Layer {
  const padding = [
    [1, 1],
    [1, 1],
  ] as const;
  const options = { kernelShape: [3, 3], stride, padding, initializer: heFanOut } as const;
  return sequence(
    convolution(`${name}.conv`, { ...options, nIn, nOut }),
    batchNorm(`${name}.bn`, nOut),
    activation,
  );
}
