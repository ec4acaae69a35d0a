import type { Extractor } from './extractor';
import { backboneParameters, headParameters, type ParameterSpec } from './parameters';
import { parseSafetensors } from './safetensors';
import { checkWeights, type WeightArray, type WeightMap } from './weights';

/** What {@link loadPretrained} did. */
export interface PretrainedReport {
  /** Tensors of the file that went into the extractor. */
  loaded: string[];
  /** Tensors of the file that the extractor has no use for: the classifier and PyTorch's batch counters. */
  ignored: string[];
  /** Tensors of the extractor that the file cannot hold and that keep their values: neck and heads. */
  missing: string[];
}

const CALLER = 'loadPretrained';
const STEM = 'conv_stem.weight';
const N_RGB = 3;

/**
 * Loads EfficientNet-B0 from timm's safetensors (`tf_efficientnet_b0.*`, for example `tf_efficientnet_b0.ns_jft_in1k`).
 * PyTorch's layouts become ours, a stem for RGB is summed into one channel, neck and heads keep their values.
 *
 * @param safetensorsBytes the whole file; F32, F16, BF16 or F64
 * @throws SafetensorsError when the bytes are no valid safetensors file
 * @throws WeightMismatchError naming missing, unexpected and misshapen tensors; nothing is changed then
 */
export function loadPretrained(
  extractor: Extractor,
  safetensorsBytes: Uint8Array | ArrayBuffer,
): PretrainedReport {
  const file = parseSafetensors(safetensorsBytes);
  const specs = backboneParameters();
  const isIgnored = (name: string) => name.startsWith('classifier.') || name.endsWith('.num_batches_tracked');
  const wanted = new Map([...file].filter(([name]) => !isIgnored(name)));

  const stem = wanted.get(STEM);
  const nStemChannels = stem?.shape[1] === N_RGB ? N_RGB : 1;
  const expected = new Map(specs.map((spec) => [spec.name, torchShape(spec, nStemChannels)]));
  checkWeights(CALLER, expected, wanted);

  const converted: WeightMap = new Map(
    specs.map((spec) => [spec.name, fromTorch(spec, wanted.get(spec.name)!)]),
  );
  extractor.loadBackboneWeights(converted, CALLER);
  const { embeddingSize, nMachineIds } = extractor.config;
  return {
    loaded: specs.map(({ name }) => name),
    ignored: [...file.keys()].filter(isIgnored),
    missing: headParameters(embeddingSize, nMachineIds).map(({ name }) => name),
  };
}

/** PyTorch's shape of a tensor of ours. */
function torchShape({ name, shape, layout }: ParameterSpec, nStemChannels: number): number[] {
  const [a, b, c, d] = shape as [number, number, number, number];
  switch (layout) {
    case 'dense':
      return [d, name === STEM ? nStemChannels : c, a, b];
    case 'depthwise':
      return [c, 1, a, b];
    case 'squeeze':
      return [b, a, 1, 1];
    case 'linear':
      return [b, a];
    case 'plain':
      return shape;
  }
}

/** PyTorch's `[out, in, h, w]` (depthwise `[channels, 1, h, w]`) -> `[h, w, in, out]` (`[h, w, channels, 1]`). */
function fromTorch({ shape, layout }: ParameterSpec, { shape: from, data }: WeightArray): WeightArray {
  if (layout === 'plain') return { shape, data };
  const [nOut, nIn, height = 1, width = 1] = from as [number, number, number?, number?];
  const nPositions = height * width;
  // Only a stem for RGB has more input channels than ours; its channels are summed into one.
  const nKept = layout === 'dense' && shape[2] === 1 ? 1 : nIn;
  const converted = new Float32Array(nPositions * nKept * nOut);
  for (let o = 0; o < nOut; o++) {
    for (let i = 0; i < nIn; i++) {
      for (let p = 0; p < nPositions; p++) {
        const target = (p * nKept + (i % nKept)) * nOut + o;
        converted[target]! += data[(o * nIn + i) * nPositions + p]!;
      }
    }
  }
  return { shape, data: converted };
}
