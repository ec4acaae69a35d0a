import { checkOneOf, checkOptions, type OptionNames } from '@serial-oe/foundation';
import { type Feature, GraphBuilder } from './graph-builder';
import type { OnnxBlock, OnnxNetwork } from './network';
import { encodeModel } from './onnx-proto';
import type { OnnxWeightType } from './tensors';

/** Names of the graph's input and output. */
export const INPUT_NAME = 'features';
export const OUTPUT_NAME = 'embedding';

/** Versions of ONNX 1.12 (2022): old enough for every runtime in use, new enough for all that is needed. */
const OPSET_VERSION = 17;
const IR_VERSION = 8;

const WEIGHT_TYPES: readonly OnnxWeightType[] = ['float32', 'float16'];

export interface ExportOnnxOptions {
  /** 'float16' halves the file; the arithmetic stays float32. Default 'float32'. */
  weights?: OnnxWeightType;
  /** Kept in the file as `metadata_props`, for whoever reads it. */
  metadata?: Readonly<Record<string, string>>;
}

const OPTIONS: OptionNames<ExportOnnxOptions> = { weights: true, metadata: true };

/**
 * Writes an extractor as an ONNX file: input `features` `[batch, 1, nMels, nFrames]`, output `embedding`
 * `[batch, embeddingSize]`, both float32, for any batch.
 *
 * @param network as `inferenceNetwork` of `@serial-oe/efficientnet-extractor` gives it
 * @returns the file's bytes
 * @throws RangeError for an unknown kind of weights, or weights that float16 cannot hold; TypeError for unknown options
 * @example
 * const bytes = exportOnnx(inferenceNetwork(extractor.toWeights(), extractor.config), { weights: 'float16' });
 */
export function exportOnnx(network: OnnxNetwork, options: ExportOnnxOptions = {}): Uint8Array {
  checkOptions('onnx.exportOnnx', options, OPTIONS);
  const { weights = 'float32', metadata = {} } = options;
  checkOneOf('onnx.exportOnnx: weights', weights, WEIGHT_TYPES);
  const { inputShape, embeddingSize } = network;
  const graph = new GraphBuilder(weights);
  addNetwork(graph, network);
  return encodeModel({
    irVersion: IR_VERSION,
    opsetVersion: OPSET_VERSION,
    producerName: 'serial-oe',
    metadata: { ...metadata, weights },
    graph: {
      name: 'extractor',
      nodes: graph.nodes,
      initializers: graph.initializers,
      inputs: [{ name: INPUT_NAME, shape: ['batch', 1, ...inputShape] }],
      outputs: [{ name: OUTPUT_NAME, shape: ['batch', embeddingSize] }],
    },
  });
}

function addNetwork(graph: GraphBuilder, { inputShape, stem, blocks, head, neck }: OnnxNetwork): void {
  const [height, width] = inputShape;
  let feature = graph.convolution({ name: INPUT_NAME, height, width }, stem);
  for (const block of blocks) feature = addBlock(graph, feature, block);
  feature = graph.convolution(feature, head);
  const mean = graph.node('GlobalAveragePool', { name: 'neck.mean', inputs: [feature.name] });
  const pooled = graph.node('Flatten', { name: 'neck.pooled', inputs: [mean] });
  const activated = graph.prelu(graph.linear(pooled, neck.linear1), 'neck.prelu', neck.slope);
  graph.linear(activated, neck.linear2, OUTPUT_NAME);
}

function addBlock(graph: GraphBuilder, input: Feature, block: OnnxBlock): Feature {
  const expanded = block.expand === null ? input : graph.convolution(input, block.expand);
  const filtered = graph.convolution(expanded, block.depthwise);
  const excited = graph.squeezeExcite(filtered, { name: `${block.name}.se`, ...block.squeezeExcite });
  const projected = graph.convolution(excited, block.project);
  if (!block.hasResidual) return projected;
  const inputs = [projected.name, input.name];
  return { ...projected, name: graph.node('Add', { name: `${block.name}.sum`, inputs }) };
}
