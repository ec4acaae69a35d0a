/**
 * The shape of EfficientNet-B0, as in table 1 of Tan and Le, "EfficientNet" (2019), with the module names of
 * timm's `tf_efficientnet_b0`.
 */

/** BatchNorm's epsilon in TensorFlow's EfficientNet (PyTorch's default is 1e-5). */
export const BATCH_NORM_EPSILON = 1e-3;
/** Weight of the new value in the running statistics; timm's `tf_` models and PyTorch's BatchNorm1d agree on it. */
export const BATCH_NORM_MOMENTUM = 0.1;
/** Channels of the last 1x1 convolution, the width of the pooled features. */
export const N_FEATURES = 1280;
/** Channels of the first convolution. */
export const N_STEM_CHANNELS = 32;
/** Width of the squeeze-excite bottleneck over the block's input channels. */
const SQUEEZE_RATIO = 0.25;

interface StageSpec {
  expansion: number;
  outChannels: number;
  nBlocks: number;
  stride: number;
  kernelSize: number;
}

const STAGES: readonly StageSpec[] = [
  { expansion: 1, outChannels: 16, nBlocks: 1, stride: 1, kernelSize: 3 },
  { expansion: 6, outChannels: 24, nBlocks: 2, stride: 2, kernelSize: 3 },
  { expansion: 6, outChannels: 40, nBlocks: 2, stride: 2, kernelSize: 5 },
  { expansion: 6, outChannels: 80, nBlocks: 3, stride: 2, kernelSize: 3 },
  { expansion: 6, outChannels: 112, nBlocks: 3, stride: 1, kernelSize: 5 },
  { expansion: 6, outChannels: 192, nBlocks: 4, stride: 2, kernelSize: 5 },
  { expansion: 6, outChannels: 320, nBlocks: 1, stride: 1, kernelSize: 3 },
];

/** Names, relative to the block, of the three convolutions and their BatchNorms. */
interface BlockLayerNames {
  expand: string;
  expandNorm: string;
  depthwise: string;
  depthwiseNorm: string;
  project: string;
  projectNorm: string;
}

/** One inverted-residual block. */
export interface BlockSpec {
  /** timm's name, for example `blocks.2.1`. */
  name: string;
  inChannels: number;
  midChannels: number;
  outChannels: number;
  squeezedChannels: number;
  kernelSize: number;
  stride: number;
  /** The blocks of the first stage have no expanding 1x1 convolution. */
  hasExpansion: boolean;
  /** Input and output have one shape, so that the input is added to the output. */
  hasResidual: boolean;
  layers: BlockLayerNames;
}

/** The blocks of EfficientNet-B0, one list a stage. */
export function efficientNetB0Stages(): BlockSpec[][] {
  let inChannels = N_STEM_CHANNELS;
  return STAGES.map((stage, stageIndex) =>
    Array.from({ length: stage.nBlocks }, (_, blockIndex) => {
      const block = blockSpec(stage, inChannels, { stageIndex, blockIndex });
      inChannels = stage.outChannels;
      return block;
    }),
  );
}

/** Number of channels of the last block, the input of the last 1x1 convolution. */
export function lastBlockChannels(): number {
  return STAGES[STAGES.length - 1]!.outChannels;
}

function blockSpec(
  stage: StageSpec,
  inChannels: number,
  { stageIndex, blockIndex }: { stageIndex: number; blockIndex: number },
): BlockSpec {
  const name = `blocks.${stageIndex}.${blockIndex}`;
  const stride = blockIndex === 0 ? stage.stride : 1;
  const hasExpansion = stage.expansion !== 1;
  return {
    name,
    inChannels,
    midChannels: inChannels * stage.expansion,
    outChannels: stage.outChannels,
    squeezedChannels: inChannels * SQUEEZE_RATIO,
    kernelSize: stage.kernelSize,
    stride,
    hasExpansion,
    hasResidual: stride === 1 && inChannels === stage.outChannels,
    layers: layerNames(name, hasExpansion),
  };
}

function layerNames(block: string, hasExpansion: boolean): BlockLayerNames {
  const layer = (name: string) => `${block}.${name}`;
  return {
    expand: layer('conv_pw'),
    expandNorm: layer('bn1'),
    depthwise: layer('conv_dw'),
    depthwiseNorm: layer(hasExpansion ? 'bn2' : 'bn1'),
    project: layer(hasExpansion ? 'conv_pwl' : 'conv_pw'),
    projectNorm: layer(hasExpansion ? 'bn3' : 'bn2'),
  };
}
