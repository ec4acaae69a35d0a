import { basename } from 'node:path';
import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { switchFlag } from '../command/flag';
import { megabytes } from '../terminal/format';
import { printJson } from '../terminal/terminal';
import { summaryText } from '../weights/summary-text';

const flags = { json: switchFlag('Prints the result as JSON, every tensor named.') };

const spec: CommandSpec<typeof flags> = {
  name: 'weights inspect',
  summary: "shows what a weights file holds, timm's or an imported one, and checks it",
  usage: '[--json] FILE',
  examples: [
    ['serial-oe weights inspect imagenet.safetensors', 'tensors, checksums, and where they are from'],
  ],
  flags,
  words: { min: 1, max: 1, needed: 'one FILE is needed.' },
};

export const command: Command<typeof flags> = { spec, run };

async function run({ args, words, terminal }: CommandContext<typeof flags>): Promise<number> {
  const { inspectPretrained } = await import('@serial-oe/efficientnet-extractor');
  const { readWeightsFile } = await import('../weights/read-weights-file');
  const file = words[0] as string;
  const bytes = await readWeightsFile('serial-oe weights inspect: FILE', file);
  const summary = inspectPretrained(bytes, { sourceName: basename(file) });
  if (args.json) printJson(terminal, { path: file, nBytes: bytes.length, ...summary });
  else {
    const kind = summary.format === 'timm' ? "timm's" : 'imported, checksum verified';
    terminal.out(summaryText(`file           ${file}, ${megabytes(bytes.length)}, ${kind}`, summary));
  }
  return EXIT.done;
}
