import {
  type BlockSpec,
  efficientNetB0Stages,
  lastBlockChannels,
  N_FEATURES,
  N_STEM_CHANNELS,
} from './architecture';

/** How a parameter starts without pretrained weights. */
export type Initializer =
  | { kind: 'normal'; std: number }
  | { kind: 'uniform'; bound: number }
  | { kind: 'constant'; value: number };

/** How a tensor is laid out here and in PyTorch: which conversion `loadPretrained` applies. */
export type ParameterLayout = 'dense' | 'depthwise' | 'squeeze' | 'linear' | 'plain';

/** One tensor of a network. */
export interface ParameterSpec {
  /** Of the extractor: timm's name for the backbone; `neck.`, `type_head.` and `id_head.` for the rest. */
  name: string;
  shape: number[];
  /** Default 'plain'. */
  layout?: ParameterLayout;
  initializer: Initializer;
  /** False for running statistics. */
  isTrainable: boolean;
}

const ONE: Initializer = { kind: 'constant', value: 1 };
const ZERO: Initializer = { kind: 'constant', value: 0 };
/** Slope of PReLU at the start, PyTorch's default. */
const PRELU_SLOPE = 0.25;

/** Every tensor of EfficientNet-B0 up to the pooled features, in the order of the forward pass. */
export function backboneParameters(): ParameterSpec[] {
  return [
    convolution('conv_stem', [3, 3, 1, N_STEM_CHANNELS], 'dense'),
    ...batchNorm('bn1', N_STEM_CHANNELS),
    ...efficientNetB0Stages().flat().flatMap(blockParameters),
    convolution('conv_head', [1, 1, lastBlockChannels(), N_FEATURES], 'dense'),
    ...batchNorm('bn2', N_FEATURES),
  ];
}

/** Every tensor after the pooled features: neck, type head and, with machine IDs, ID head. */
export function headParameters(embeddingSize: number, nMachineIds: number): ParameterSpec[] {
  const idHead = linear('id_head', embeddingSize, nMachineIds)[0]!;
  return [
    ...linear('neck.linear1', N_FEATURES, embeddingSize),
    ...batchNorm('neck.bn', embeddingSize),
    parameter('neck.prelu.weight', [1], { kind: 'constant', value: PRELU_SLOPE }),
    ...linear('neck.linear2', embeddingSize, embeddingSize),
    // One scalar affine map: PyTorch's Linear(1, 1), whose bound is 1 / sqrt(1).
    parameter('type_head.weight', [1], { kind: 'uniform', bound: 1 }),
    parameter('type_head.bias', [1], { kind: 'uniform', bound: 1 }),
    ...(nMachineIds > 0 ? [idHead] : []),
  ];
}

function blockParameters(block: BlockSpec): ParameterSpec[] {
  const { layers, inChannels, midChannels, outChannels, squeezedChannels, kernelSize } = block;
  const expand = [
    convolution(layers.expand, [1, 1, inChannels, midChannels], 'dense'),
    ...batchNorm(layers.expandNorm, midChannels),
  ];
  return [
    ...(block.hasExpansion ? expand : []),
    convolution(layers.depthwise, [kernelSize, kernelSize, midChannels, 1], 'depthwise'),
    ...batchNorm(layers.depthwiseNorm, midChannels),
    convolution(`${block.name}.se.conv_reduce`, [midChannels, squeezedChannels], 'squeeze'),
    parameter(`${block.name}.se.conv_reduce.bias`, [squeezedChannels], ZERO),
    convolution(`${block.name}.se.conv_expand`, [squeezedChannels, midChannels], 'squeeze'),
    parameter(`${block.name}.se.conv_expand.bias`, [midChannels], ZERO),
    convolution(layers.project, [1, 1, midChannels, outChannels], 'dense'),
    ...batchNorm(layers.projectNorm, outChannels),
  ];
}

/** timm's `_init_weight_goog`: normal with std sqrt(2 / fan-out); fan-out of a depthwise filter is k k. */
function convolution(name: string, shape: number[], layout: ParameterLayout): ParameterSpec {
  const nIn = layout === 'squeeze' ? shape[0]! : shape[2]!;
  const nWeights = shape.reduce((product, size) => product * size, 1);
  const fanOut = nWeights / nIn;
  return {
    name: `${name}.weight`,
    shape,
    layout,
    initializer: { kind: 'normal', std: Math.sqrt(2 / fanOut) },
    isTrainable: true,
  };
}

function batchNorm(name: string, nChannels: number): ParameterSpec[] {
  return [
    parameter(`${name}.weight`, [nChannels], ONE),
    parameter(`${name}.bias`, [nChannels], ZERO),
    { ...parameter(`${name}.running_mean`, [nChannels], ZERO), isTrainable: false },
    { ...parameter(`${name}.running_var`, [nChannels], ONE), isTrainable: false },
  ];
}

/** PyTorch's `nn.Linear`: weight and bias uniform within 1 / sqrt(fan-in). */
function linear(name: string, nIn: number, nOut: number): ParameterSpec[] {
  const initializer: Initializer = { kind: 'uniform', bound: 1 / Math.sqrt(nIn) };
  return [
    { ...parameter(`${name}.weight`, [nIn, nOut], initializer), layout: 'linear' },
    parameter(`${name}.bias`, [nOut], initializer),
  ];
}

function parameter(name: string, shape: number[], initializer: Initializer): ParameterSpec {
  return { name, shape, initializer, isTrainable: true };
}
