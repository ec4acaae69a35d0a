import { inferenceNetwork } from '@serial-oe/efficientnet-extractor';
import { exportOnnx, type OnnxWeightType } from '@serial-oe/onnx';
import { FrontEnd } from '../features/front-end';
import { VERSION } from '../version';
import type { ModelParts } from './model-parts';

export interface ToOnnxOptions {
  /** 'float16' halves the file; default 'float32'. */
  weights?: OnnxWeightType | undefined;
}

/** The extractor as an ONNX file; its metadata says how the spectrograms that it takes are made. */
export function toOnnxFile(
  {
    config,
    amplitude,
    machineType,
    weights,
  }: Pick<ModelParts, 'config' | 'amplitude' | 'machineType' | 'weights'>,
  { weights: weightType = 'float32' }: ToOnnxOptions = {},
): Uint8Array {
  const network = inferenceNetwork(weights, { inputShape: new FrontEnd(config.frontEnd).imageShape });
  const { embeddingSize } = config.network;
  if (network.embeddingSize !== embeddingSize) {
    throw new RangeError(`weights must give embeddings of ${embeddingSize}, got ${network.embeddingSize}.`);
  }
  const metadata = {
    machineType,
    frontEnd: JSON.stringify(config.frontEnd),
    amplitude: JSON.stringify(amplitude),
    serialOeVersion: VERSION,
  };
  return exportOnnx(network, { weights: weightType, metadata });
}
