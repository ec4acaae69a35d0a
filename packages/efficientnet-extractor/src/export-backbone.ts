import { checkOptions, type OptionNames } from '@serial-oe/foundation';
import { serializeSafetensors, type WeightArray, type WeightMap } from '@serial-oe/safetensors';
import { backboneChecksumLines, checksumOfLines } from './backbone-checksum';
import { checkFinite } from './check-weights';
import { backboneParameters } from './parameters';
import { IMPORTED_FORMAT, IMPORTED_FORMAT_VERSION } from './read-pretrained';

const ARCHITECTURE = 'tf_efficientnet_b0';

export interface ExportBackboneOptions {
  /** What the weights are, for whoever inspects the file. */
  sourceName?: string | undefined;
}

const OPTIONS: OptionNames<ExportBackboneOptions> = { sourceName: true };

/**
 * EfficientNet-B0 of a trained extractor as a file of start weights for other trainings (`loadPretrained`, `pretrainedWeights`);
 * neck and heads stay behind.
 *
 * @param weights as `extractor.toWeights()` gives them
 * @returns a safetensors file, F32, in our names and layout, under a checksum
 * @throws WeightMismatchError naming what of the backbone is missing or misshapen; RangeError for a value that is not finite
 */
export function exportBackbone(
  weights: ReadonlyMap<string, WeightArray>,
  options: ExportBackboneOptions = {},
): Uint8Array {
  checkOptions('efficientnet-extractor.exportBackbone', options, OPTIONS);
  const { sourceName } = options;
  const lines = backboneChecksumLines(weights);
  const backbone: WeightMap = new Map(backboneParameters().map(({ name }) => [name, weights.get(name)!]));
  checkFinite('efficientnet-extractor.exportBackbone', backbone);
  return backboneFile(backbone, lines, sourceName === undefined ? {} : { sourceName });
}

/** The file with its checksums; `lines` are {@link backboneChecksumLines} of the weights. */
export function backboneFile(
  weights: WeightMap,
  lines: readonly string[],
  source: Readonly<Record<string, string>>,
): Uint8Array {
  return serializeSafetensors(weights, {
    format: IMPORTED_FORMAT,
    formatVersion: IMPORTED_FORMAT_VERSION,
    architecture: ARCHITECTURE,
    ...source,
    checksum: checksumOfLines(lines),
    checksums: lines.join('\n'),
  });
}
