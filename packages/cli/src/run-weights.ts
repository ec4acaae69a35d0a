import { basename, resolve } from 'node:path';
import {
  importPretrained,
  inspectPretrained,
  type PretrainedSummary,
} from '@serial-oe/efficientnet-extractor';
import { BundleError } from '@serial-oe/runtime';
import { createFileAccess } from '@serial-oe/runtime/node';
import { Arguments } from './arguments';
import { readWeightsFile } from './commands/read-weights-file';
import { WEIGHTS_IMPORT, WEIGHTS_INSPECT } from './commands/specs/weights-specs';
import { megabytes } from './format';
import type { Terminal } from './terminal';

const SHA256 = /^[0-9a-f]{64}$/i;

/** `serial-oe weights import`; returns the exit code. */
export async function runWeightsImport(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = new Arguments(WEIGHTS_IMPORT, argv);
  const file = onlyFile(args);
  const out = args.required('out');
  const expectedSha256 = args.text('sha256');
  if (!out.toLowerCase().endsWith('.safetensors')) {
    throw args.usage(`--out must end in .safetensors, got "${out}".`);
  }
  if (resolve(out) === resolve(file)) throw args.usage('--out must be another file than FILE.');
  if (expectedSha256 !== undefined && !SHA256.test(expectedSha256)) {
    throw args.usage(`--sha256 must be 64 hexadecimal digits, got "${expectedSha256}".`);
  }
  const files = createFileAccess();
  if ((await files.exists(out)) && !args.has('overwrite')) {
    throw new BundleError(
      'format',
      `serial-oe weights import: ${out} must not exist yet. Choose another --out, or pass --overwrite.`,
    );
  }
  const source = await readWeightsFile('serial-oe weights import: FILE', file);
  const { bytes, summary } = importPretrained(source, { sourceName: basename(file), expectedSha256 });
  await files.writeFile(out, bytes);
  terminal.out(
    args.has('json')
      ? asJson({ path: out, nBytes: bytes.length, ...summary })
      : asText(`written to     ${out}, ${megabytes(bytes.length)}`, summary),
  );
  return 0;
}

/** `serial-oe weights inspect`; returns the exit code. */
export async function runWeightsInspect(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = new Arguments(WEIGHTS_INSPECT, argv);
  const file = onlyFile(args);
  const bytes = await readWeightsFile('serial-oe weights inspect: FILE', file);
  const summary = inspectPretrained(bytes, { sourceName: basename(file) });
  terminal.out(
    args.has('json')
      ? asJson({ path: file, nBytes: bytes.length, ...summary })
      : asText(
          `file           ${file}, ${megabytes(bytes.length)}, ${summary.format === 'timm' ? "timm's" : 'imported, checksum verified'}`,
          summary,
        ),
  );
  return 0;
}

function onlyFile(args: Arguments): string {
  const [file, ...others] = args.positionals;
  if (file === undefined || others.length > 0) throw args.usage('one FILE is needed.');
  return file;
}

function asJson(result: object): string {
  return `${JSON.stringify(result, null, 1)}\n`;
}

function asText(first: string, summary: PretrainedSummary): string {
  const { loaded, nValues, nStemChannels, ignored, random, sourceName, sourceSha256, checksum } = summary;
  const nCounters = ignored.filter((name) => name.endsWith('.num_batches_tracked')).length;
  const nClassifier = ignored.length - nCounters;
  const stem =
    nStemChannels === 1
      ? 'one input channel, as in the source'
      : `${nStemChannels} input channels summed into one`;
  return [
    first,
    `loaded         ${loaded.length} tensors of EfficientNet-B0, ${nValues} values`,
    `stem           ${stem}`,
    `ignored        ${nClassifier} tensors of the classifier, ${nCounters} batch counters`,
    `stays random   ${random.length} tensors of neck and heads, drawn by --seed when training starts`,
    `source         ${sourceName ?? 'not noted'}, SHA-256 ${sourceSha256}`,
    `loaded weights SHA-256 ${checksum}`,
    '',
  ].join('\n');
}
