import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { choiceFlag, required, switchFlag, textFlag } from '../command/flag';
import { MODEL, WEIGHT_TYPES } from '../flags/shared-flags';
import { megabytes } from '../terminal/format';
import { printJson } from '../terminal/terminal';

const flags = {
  model: MODEL,
  out: required(textFlag('FILE', 'The file to write; must be new.')),
  weights: choiceFlag(
    WEIGHT_TYPES,
    'How the file holds the weights; default float32. The arithmetic is float32 either way.',
  ),
  overwrite: switchFlag('Replaces FILE if it exists.'),
  json: switchFlag('Prints what was written as JSON.'),
};

const spec: CommandSpec<typeof flags> = {
  name: 'export',
  summary: "writes a model's network as an ONNX file, for other runtimes",
  usage: '--model MODEL --out FILE [flags]',
  examples: [
    ['serial-oe export --model fan-model --out fan.onnx', 'weights in float32'],
    ['serial-oe export --model fan-model --out fan.onnx --weights float16', 'half the size'],
  ],
  flags,
  notes: [
    'The file takes mel spectrograms, [batch, 1, mels, frames], and gives embeddings; its metadata says how the spectrograms are made. ' +
      'The mixtures that turn embeddings into scores stay in MODEL: "serial-oe score --runtime onnx" uses both.',
  ],
};

export const command: Command<typeof flags> = { spec, run };

async function run({ args, terminal }: CommandContext<typeof flags>): Promise<number> {
  const { createFileAccess, startBackend } = await import('@serial-oe/runtime/node');
  const { loadSerialOe } = await import('@serial-oe/serial-oe');
  const { checkNewFile } = await import('../check-new-file');
  const { out, weights = 'float32' } = args;
  await checkNewFile('serial-oe export', args);
  await startBackend('wasm');
  const model = await loadSerialOe(args.model);
  try {
    const bytes = model.toOnnx({ weights });
    await createFileAccess().writeFile(out, bytes);
    if (args.json) printJson(terminal, { path: out, weights, nBytes: bytes.length });
    else terminal.out(`${out}: ${megabytes(bytes.length)}, weights in ${weights}\n`);
  } finally {
    model.dispose();
  }
  return EXIT.done;
}
