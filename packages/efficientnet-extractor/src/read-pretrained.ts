import { nameSome } from '@serial-oe/foundation';
import { parseSafetensors, type SafetensorsMap, type WeightMap } from '@serial-oe/safetensors';
import { backboneChecksumLines, checksumOfLines } from './backbone-checksum';
import { checkFinite, checkWeights } from './check-weights';
import { backboneParameters } from './parameters';
import { PretrainedError } from './pretrained-error';
import { fromTorch, torchShape } from './torch-layout';

/** `format` in the metadata of the files that importPretrained writes. */
export const IMPORTED_FORMAT = 'serial-oe-backbone';
/** The version of that format which this release reads and writes. */
export const IMPORTED_FORMAT_VERSION = '1';

/** EfficientNet's weights out of a file. */
export interface PretrainedWeights {
  /** Whose file it was: timm's own, or one that `importPretrained` wrote. */
  format: 'timm' | 'serial-oe';
  /** Every tensor of the backbone by name, in our layout and in the order of the forward pass. */
  weights: WeightMap;
  /** Tensors of the file that the extractor has no use for: the classifier and PyTorch's batch counters. */
  ignored: string[];
  /** Input channels of timm's stem: 3 were summed into one. */
  nStemChannels: number;
  /** Text by name from the file's header. */
  metadata: Record<string, string>;
}

const STEM = 'conv_stem.weight';
const N_RGB = 3;

/**
 * Reads weights of `tf_efficientnet_b0.*` from timm's safetensors file or from one that `importPretrained` wrote. Of the
 * latter the checksum is verified.
 *
 * @param bytes the whole file; F32, F16, BF16 or F64
 * @param caller named in error messages
 * @throws SafetensorsError when the bytes are no valid safetensors file
 * @throws WeightMismatchError naming missing, unexpected and misshapen tensors
 * @throws PretrainedError when an imported file was altered (it names the tensors) or is of another version
 * @throws RangeError when a value is not finite
 */
export function readPretrained(
  bytes: Uint8Array | ArrayBuffer,
  caller = 'readPretrained',
): PretrainedWeights {
  const file = parseSafetensors(bytes);
  const { metadata } = file;
  const read = metadata.format === IMPORTED_FORMAT ? readImported(file, caller) : readTimm(file, caller);
  checkFinite(`efficientnet-extractor.${caller}`, read.weights);
  return { ...read, metadata };
}

function readTimm(file: SafetensorsMap, caller: string): Omit<PretrainedWeights, 'metadata'> {
  const specs = backboneParameters();
  const isIgnored = (name: string) => name.startsWith('classifier.') || name.endsWith('.num_batches_tracked');
  const wanted = new Map([...file].filter(([name]) => !isIgnored(name)));
  const nStemChannels = wanted.get(STEM)?.shape[1] === N_RGB ? N_RGB : 1;
  const expected = new Map(
    specs.map((spec) => [spec.name, torchShape(spec, spec.name === STEM ? nStemChannels : undefined)]),
  );
  checkWeights(`efficientnet-extractor.${caller}`, expected, wanted);
  return {
    format: 'timm',
    weights: new Map(specs.map((spec) => [spec.name, fromTorch(spec, wanted.get(spec.name)!)])),
    ignored: [...file.keys()].filter(isIgnored),
    nStemChannels,
  };
}

function readImported(file: SafetensorsMap, caller: string): Omit<PretrainedWeights, 'metadata'> {
  const { formatVersion = 'none', checksum = 'none', checksums = '', sourceStemChannels } = file.metadata;
  if (formatVersion !== IMPORTED_FORMAT_VERSION) {
    throw new PretrainedError(
      'version',
      `${caller}: the file must have format version ${IMPORTED_FORMAT_VERSION}, got ${formatVersion}. Import timm's file anew.`,
      { expected: IMPORTED_FORMAT_VERSION, actual: formatVersion },
    );
  }
  const specs = backboneParameters();
  checkWeights(
    `efficientnet-extractor.${caller}`,
    new Map(specs.map(({ name, shape }) => [name, shape])),
    file,
  );
  const weights: WeightMap = new Map(
    specs.map(({ name, shape }) => [name, { shape, data: file.get(name)!.data }]),
  );
  const lines = backboneChecksumLines(weights);
  const actual = checksumOfLines(lines);
  if (actual !== checksum) {
    const noted = checksums.split('\n');
    const isNoted = checksumOfLines(noted) === checksum;
    const tensors = isNoted ? specs.filter((_, i) => lines[i] !== noted[i]).map(({ name }) => name) : [];
    const what = isNoted
      ? `altered: ${nameSome(tensors)}`
      : 'what was altered cannot be told, since the noted checksums disagree';
    throw new PretrainedError(
      'checksum',
      `${caller}: the weights must have the checksum that the file carries, ${checksum}, got ${actual}: ` +
        `${what}. Import timm's file anew.`,
      { expected: checksum, actual, tensors },
    );
  }
  return { format: 'serial-oe', weights, ignored: [], nStemChannels: Number(sourceStemChannels ?? 1) };
}
