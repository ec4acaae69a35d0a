import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { switchFlag } from '../command/flag';
import { printJson } from '../terminal/terminal';

const flags = { json: switchFlag('Prints everything as JSON.') };

const spec: CommandSpec<typeof flags> = {
  name: 'inspect',
  summary: 'shows what a model is and how it was made',
  usage: '[--json] MODEL',
  examples: [['serial-oe inspect fan-model', 'its machines, thresholds, configuration, history and card']],
  flags,
  words: { min: 1, max: 1, needed: 'one MODEL is needed.' },
};

export const command: Command<typeof flags> = { spec, run };

async function run({ args, words, terminal, progress }: CommandContext<typeof flags>): Promise<number> {
  const { loadModel } = await import('../model/load-model');
  const { inspectModel, inspectText } = await import('../inspect/inspect-model');
  const model = await loadModel(words[0] as string, {
    takesAllTypes: true,
    onWarning: (message) => progress.warning(message),
  });
  try {
    if (args.json) printJson(terminal, await inspectModel(model));
    else terminal.out(await inspectText(model));
  } finally {
    await model.close();
  }
  return EXIT.done;
}
