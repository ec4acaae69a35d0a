import type { Extractor } from './extractor';
import { headParameters } from './parameters';
import { readPretrained } from './read-pretrained';

/** What {@link loadPretrained} did. */
export interface PretrainedReport {
  /** Tensors of the file that went into the extractor. */
  loaded: string[];
  /** Tensors of the file that the extractor has no use for: the classifier and PyTorch's batch counters. */
  ignored: string[];
  /** Tensors of the extractor that the file cannot hold and that keep their values: neck and heads. */
  missing: string[];
}

/**
 * Loads EfficientNet-B0 from timm's safetensors (`tf_efficientnet_b0.*`, for example `tf_efficientnet_b0.ns_jft_in1k`), or
 * from the file that `importPretrained` made of it, whose checksum is verified. PyTorch's layouts become ours, a stem for
 * RGB is summed into one channel, neck and heads keep their values.
 *
 * @param safetensorsBytes the whole file; F32, F16, BF16 or F64
 * @throws as {@link readPretrained}; nothing is changed then
 */
export function loadPretrained(
  extractor: Extractor,
  safetensorsBytes: Uint8Array | ArrayBuffer,
): PretrainedReport {
  const caller = 'loadPretrained';
  const { weights, ignored } = readPretrained(safetensorsBytes, caller);
  extractor.loadBackboneWeights(weights, caller);
  const { embeddingSize, nMachineIds } = extractor.config;
  return {
    loaded: [...weights.keys()],
    ignored,
    missing: headParameters(embeddingSize, nMachineIds).map(({ name }) => name),
  };
}
