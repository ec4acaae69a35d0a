import { checkOptions, type OptionNames, sha256 } from '@serial-oe/foundation';
import { backboneChecksum, backboneChecksumLines, checksumOfLines } from './backbone-checksum';
import { backboneFile } from './export-backbone';
import { headParameters } from './parameters';
import { PretrainedError } from './pretrained-error';
import { type PretrainedWeights, readPretrained } from './read-pretrained';

/** What a file of pretrained weights holds. */
export interface PretrainedSummary {
  format: PretrainedWeights['format'];
  /** Name of timm's file; of an imported file, as it was noted. Null where nobody said. */
  sourceName: string | null;
  /** SHA-256 of timm's file; of an imported file, as it was noted. */
  sourceSha256: string;
  /** {@link backboneChecksum} of what an extractor gets: the same for timm's file and for the imported one. */
  checksum: string;
  /** Input channels of timm's stem: 3 are summed into one. */
  nStemChannels: number;
  /** Tensors that an extractor gets, in the order of the forward pass. */
  loaded: string[];
  /** Values in them. */
  nValues: number;
  /** Tensors of the file without use: the classifier and PyTorch's batch counters. */
  ignored: string[];
  /** Tensors of an extractor that no such file holds and that stay random: neck and heads. */
  random: string[];
}

export interface ImportPretrainedOptions {
  /** Name of timm's file, noted in the metadata. */
  sourceName?: string | undefined;
  /** SHA-256 that timm's file must have, in hexadecimal. */
  expectedSha256?: string | undefined;
}

const IMPORT_OPTIONS: OptionNames<ImportPretrainedOptions> = { sourceName: true, expectedSha256: true };

type InspectOptions = Pick<ImportPretrainedOptions, 'sourceName'>;
const INSPECT_OPTIONS: OptionNames<InspectOptions> = { sourceName: true };

export interface ImportedPretrained {
  /** The safetensors file: our names and layout, one input channel, F32. */
  bytes: Uint8Array;
  summary: PretrainedSummary;
}

/**
 * Turns timm's safetensors file of `tf_efficientnet_b0.*` into one in our names and layout, with the stem summed into one
 * channel and without the classifier. Its metadata: `format`, `formatVersion`, `architecture`, `sourceName`,
 * `sourceSha256`, `sourceStemChannels`, `checksum` ({@link backboneChecksum}) and `checksums` (its lines, by which an
 * altered tensor is named).
 *
 * @param bytes the whole file; F32, F16, BF16 or F64
 * @throws PretrainedError when timm's file has another SHA-256; otherwise as {@link readPretrained}
 * @throws RangeError when the bytes are an imported file already, or expectedSha256 is no SHA-256
 */
export function importPretrained(
  bytes: Uint8Array,
  options: ImportPretrainedOptions = {},
): ImportedPretrained {
  const caller = 'importPretrained';
  checkOptions(`efficientnet-extractor.${caller}`, options, IMPORT_OPTIONS);
  const { sourceName, expectedSha256 } = options;
  const sourceSha256 = sha256(bytes);
  if (expectedSha256 !== undefined) checkSource(caller, sourceSha256, expectedSha256);
  const read = readPretrained(bytes, caller);
  if (read.format !== 'timm') {
    throw new RangeError(
      `efficientnet-extractor.${caller}: bytes must be timm's file, got one that was imported already. Use it as it is.`,
    );
  }
  const lines = backboneChecksumLines(read.weights);
  const checksum = checksumOfLines(lines);
  const source = {
    ...(sourceName !== undefined && { sourceName }),
    sourceSha256,
    sourceStemChannels: String(read.nStemChannels),
  };
  return {
    bytes: backboneFile(read.weights, lines, source),
    summary: summarize(read, { sourceName: sourceName ?? null, sourceSha256, checksum }),
  };
}

/**
 * Says what a file holds, timm's or an imported one, without an extractor.
 *
 * @param options `sourceName`: the file's name, if it is timm's
 * @throws as {@link readPretrained}
 */
export function inspectPretrained(bytes: Uint8Array, options: InspectOptions = {}): PretrainedSummary {
  checkOptions('efficientnet-extractor.inspectPretrained', options, INSPECT_OPTIONS);
  const { sourceName } = options;
  const read = readPretrained(bytes, 'inspectPretrained');
  const source =
    read.format === 'timm'
      ? { sourceName: sourceName ?? null, sourceSha256: sha256(bytes) }
      : {
          sourceName: read.metadata.sourceName ?? null,
          sourceSha256: read.metadata.sourceSha256 ?? 'not noted',
        };
  return summarize(read, { ...source, checksum: backboneChecksum(read.weights) });
}

function summarize(
  { format, weights, ignored, nStemChannels }: PretrainedWeights,
  facts: Pick<PretrainedSummary, 'sourceName' | 'sourceSha256' | 'checksum'>,
): PretrainedSummary {
  return {
    format,
    ...facts,
    nStemChannels,
    loaded: [...weights.keys()],
    nValues: [...weights.values()].reduce((sum, { data }) => sum + data.length, 0),
    ignored,
    random: headParameters(1, 1).map(({ name }) => name),
  };
}

function checkSource(caller: string, actual: string, given: string): void {
  const expected = given.trim().toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(expected)) {
    throw new RangeError(
      `efficientnet-extractor.${caller}: expectedSha256 must be 64 hexadecimal digits, got "${given}".`,
    );
  }
  if (actual !== expected) {
    throw new PretrainedError(
      'source',
      `${caller}: the file must have the SHA-256 ${expected}, got ${actual}. Fetch it again, or see whose checksum that is.`,
      { expected, actual },
    );
  }
}
