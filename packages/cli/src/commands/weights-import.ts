import { basename, resolve } from 'node:path';
import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { required, switchFlag, textFlag } from '../command/flag';
import { UsageError } from '../command/usage-error';
import { megabytes } from '../terminal/format';
import { printJson } from '../terminal/terminal';
import { summaryText } from '../weights/summary-text';

const SHA256 = /^[0-9a-f]{64}$/i;

const flags = {
  out: required(textFlag('OUT', 'The .safetensors file to write; must be new.')),
  sha256: textFlag('HEX', 'SHA-256 that FILE must have, 64 hexadecimal digits.'),
  overwrite: switchFlag('Replaces OUT if it exists.'),
  json: switchFlag('Prints the result as JSON, every tensor named.'),
};

const spec: CommandSpec<typeof flags> = {
  name: 'weights import',
  summary: "turns timm's ImageNet weights of EfficientNet-B0 into a checked file for --weights",
  usage: 'FILE --out OUT [flags]',
  examples: [
    [
      'serial-oe weights import model.safetensors --out imagenet.safetensors',
      "timm's tf_efficientnet_b0.*, its three input channels summed into one",
    ],
    [
      'serial-oe weights import model.safetensors --out imagenet.safetensors --sha256 bc97e48e...',
      'only if it is the file that was meant',
    ],
  ],
  flags,
  words: { min: 1, max: 1, needed: 'one FILE is needed.' },
  notes: [
    'OUT carries the checksum of its tensors, which each later use verifies. "serial-oe train --weights" takes FILE as well as OUT. ' +
      'docs/pretrained.md says where such files are and under which licence.',
  ],
};

export const command: Command<typeof flags> = { spec, run };

async function run({ args, words, terminal }: CommandContext<typeof flags>): Promise<number> {
  const file = words[0] as string;
  const { out, sha256: expectedSha256 } = args;
  if (!out.toLowerCase().endsWith('.safetensors')) {
    throw new UsageError(`--out must end in .safetensors, got "${out}".`);
  }
  if (resolve(out) === resolve(file)) throw new UsageError('--out must be another file than FILE.');
  if (expectedSha256 !== undefined && !SHA256.test(expectedSha256)) {
    throw new UsageError(`--sha256 must be 64 hexadecimal digits, got "${expectedSha256}".`);
  }
  const { importPretrained } = await import('@serial-oe/efficientnet-extractor');
  const { createFileAccess } = await import('@serial-oe/runtime/node');
  const { checkNewFile } = await import('../check-new-file');
  const { readWeightsFile } = await import('../weights/read-weights-file');
  await checkNewFile('serial-oe weights import', args);
  const source = await readWeightsFile('serial-oe weights import: FILE', file);
  const { bytes, summary } = importPretrained(source, { sourceName: basename(file), expectedSha256 });
  await createFileAccess().writeFile(out, bytes);
  if (args.json) printJson(terminal, { path: out, nBytes: bytes.length, ...summary });
  else terminal.out(summaryText(`written to     ${out}, ${megabytes(bytes.length)}`, summary));
  return EXIT.done;
}
