import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { choiceFlag, required, switchFlag, textFlag } from '../command/flag';
import { UsageError } from '../command/usage-error';
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
      'What turns embeddings into scores stays in MODEL: "serial-oe score --runtime onnx" uses both. Of an ensemble it is the network that is written.',
  ],
};

export const command: Command<typeof flags> = { spec, run };

async function run({ args, terminal }: CommandContext<typeof flags>): Promise<number> {
  const { createFileAccess } = await import('@serial-oe/runtime/node/files');
  const { loadModel } = await import('../model/load-model');
  const { checkNewFile } = await import('../check-new-file');
  const { out, weights = 'float32' } = args;
  await checkNewFile('serial-oe export', args);
  const model = await loadModel(args.model);
  try {
    if (model.network === null) {
      throw new UsageError(
        `--model must be a model with a network, but ${args.model} is one of ${model.systems.join(', ')}, which has none.`,
      );
    }
    const bytes = model.network.toOnnx({ weights });
    await createFileAccess().writeFile(out, bytes);
    if (args.json) printJson(terminal, { path: out, weights, nBytes: bytes.length });
    else terminal.out(`${out}: ${megabytes(bytes.length)}, weights in ${weights}\n`);
  } finally {
    await model.close();
  }
  return EXIT.done;
}
