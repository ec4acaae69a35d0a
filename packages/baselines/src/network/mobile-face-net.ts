import type { Padding } from '@serial-oe/efficientnet-extractor/layers';
import { batchNorm, batchNormPrelu } from './layers/batch-norm';
import { convolution, depthwiseConvolution, globalDepthwiseConvolution } from './layers/convolution';
import { heFanOut } from './layers/initializers';
import { type Layer, sequence, sumOf } from './layers/layer';

/** Repeated inverted-residual blocks; the first has the stride. */
interface Stage {
  expansion: number;
  nChannels: number;
  nBlocks: number;
  stride: number;
}

/** Which bottlenecks: `'head'`, those that the authors' code has today, or `'paper'`, those of the paper. */
export type BottleneckTable = 'head' | 'paper';

const TABLES: Readonly<Record<BottleneckTable, readonly Stage[]>> = {
  head: [
    { expansion: 2, nChannels: 128, nBlocks: 2, stride: 2 },
    { expansion: 4, nChannels: 128, nBlocks: 2, stride: 2 },
    { expansion: 4, nChannels: 128, nBlocks: 2, stride: 2 },
  ],
  paper: [
    { expansion: 2, nChannels: 64, nBlocks: 5, stride: 2 },
    { expansion: 4, nChannels: 128, nBlocks: 1, stride: 2 },
    { expansion: 2, nChannels: 128, nBlocks: 6, stride: 1 },
    { expansion: 4, nChannels: 128, nBlocks: 1, stride: 2 },
    { expansion: 2, nChannels: 128, nBlocks: 2, stride: 1 },
  ],
};
export const BOTTLENECK_TABLES = Object.keys(TABLES) as BottleneckTable[];

const N_STEM = 64;
const N_LAST = 512;
/** Length of the feature. */
export const N_FEATURES = 128;
/** PyTorch's padding of a 3 x 3 kernel, on both sides alike whatever the stride. */
const AROUND: Padding = [
  [1, 1],
  [1, 1],
];

export interface MobileFaceNetOptions {
  table: BottleneckTable;
  inChannels: number;
  /** `[height, width]` of the images: the last convolution is as large as what is left of them. */
  imageShape: readonly [number, number];
}

/** MobileFaceNet (Chen et al., 2018) as STgram uses it: images to features `[batch, 1, 1, 128]`. */
export function mobileFaceNet(name: string, { table, inChannels, imageShape }: MobileFaceNetOptions): Layer {
  const stages = TABLES[table];
  const strides = [2, ...stages.map(({ stride }) => stride)];
  const [height, width] = imageShape.map((size) =>
    strides.reduce((length, stride) => Math.ceil(length / stride), size),
  ) as [number, number];
  let nIn = N_STEM;
  const blocks = stages.flatMap(({ expansion, nChannels, nBlocks, stride }) =>
    Array.from({ length: nBlocks }, (_, i) => {
      const from = i === 0 ? nIn : nChannels;
      if (i === nBlocks - 1) nIn = nChannels;
      return { nIn: from, nOut: nChannels, expansion, stride: i === 0 ? stride : 1 };
    }),
  );
  return sequence(
    normalized(`${name}.conv1`, dense3x3(`${name}.conv1.conv`, inChannels), N_STEM),
    depthwise(`${name}.conv2`, N_STEM, 1),
    ...blocks.map((block, i) => bottleneck(`${name}.blocks.${i}`, block)),
    pointwise(`${name}.conv3`, nIn, N_LAST),
    globalDepthwiseConvolution(`${name}.global.conv_dw`, {
      kernelShape: [height, width],
      nChannels: N_LAST,
      initializer: heFanOut,
    }),
    batchNorm(`${name}.global.bn`, N_LAST),
    linear(`${name}.feature`, N_LAST, N_FEATURES),
  );
}

interface Block {
  nIn: number;
  nOut: number;
  expansion: number;
  stride: number;
}

/** Inverted residual: 1x1 to more channels, depthwise 3x3, 1x1 back without activation; plus the input where shapes allow it. */
function bottleneck(name: string, { nIn, nOut, expansion, stride }: Block): Layer {
  const nMid = nIn * expansion;
  const branch = sequence(
    pointwise(`${name}.expand`, nIn, nMid),
    depthwise(`${name}.depthwise`, nMid, stride),
    linear(`${name}.project`, nMid, nOut),
  );
  return stride === 1 && nIn === nOut ? sumOf(branch, sequence()) : branch;
}

function dense3x3(name: string, nIn: number): Layer {
  const options = { kernelShape: [3, 3], stride: 2, padding: AROUND } as const;
  return convolution(name, { ...options, nIn, nOut: N_STEM, initializer: heFanOut });
}

function depthwise(name: string, nChannels: number, stride: number): Layer {
  const options = { kernelShape: [3, 3], padding: AROUND, initializer: heFanOut } as const;
  return normalized(
    name,
    depthwiseConvolution(`${name}.conv_dw`, { ...options, nChannels, stride }),
    nChannels,
  );
}

function pointwise(name: string, nIn: number, nOut: number): Layer {
  const options = { kernelShape: [1, 1], initializer: heFanOut } as const;
  return normalized(name, convolution(`${name}.conv`, { ...options, nIn, nOut }), nOut);
}

/** A 1x1 convolution with BatchNorm and without activation. */
function linear(name: string, nIn: number, nOut: number): Layer {
  const options = { kernelShape: [1, 1], initializer: heFanOut } as const;
  return sequence(convolution(`${name}.conv`, { ...options, nIn, nOut }), batchNorm(`${name}.bn`, nOut));
}

/** BatchNorm and PReLU after a convolution. */
function normalized(name: string, layer: Layer, nChannels: number): Layer {
  return sequence(layer, batchNormPrelu(name, nChannels));
}
