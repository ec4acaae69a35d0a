import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { required, switchFlag, textFlag } from '../command/flag';
import { UsageError } from '../command/usage-error';
import { BACKEND, MODEL, QUIET } from '../flags/shared-flags';
import { printJson } from '../terminal/terminal';

const flags = {
  model: MODEL,
  machineId: required(textFlag('ID', 'What the new machine is called.')),
  replace: switchFlag('Learns a machine anew that the model knows.'),
  json: switchFlag('Prints the result as JSON.'),
  backend: BACKEND,
  quiet: QUIET,
};

const spec: CommandSpec<typeof flags> = {
  name: 'add-machine',
  summary: 'gives a model one more machine of its type, from normal recordings and without training',
  usage: '--model MODEL --machine-id ID FILE|DIR ...',
  examples: [
    ['serial-oe add-machine --model fan-model --machine-id 07 recordings-of-fan-07', 'a new fan, in seconds'],
  ],
  flags,
  words: { min: 1, needed: 'at least one FILE or DIR with normal recordings is needed.' },
  notes: [
    'At least four recordings of the healthy machine, better twenty and of several days, as long as those of the training. What the network has learnt ' +
      'stays as it is; detectors and thresholds of the other machines too. Ask evaluate how good it is, or train with all machines when there is time.',
    'The model is replaced as a whole, and only once everything is computed.',
  ],
  stopping: 'stopping after this recording; the model stays as it is',
};

export const command: Command<typeof flags> = { spec, run };

async function run({
  args,
  words,
  progress,
  signal,
  terminal,
}: CommandContext<typeof flags>): Promise<number> {
  if (/^https?:\/\//i.test(args.model)) {
    throw new UsageError('--model must be a folder or a file to be changed, not an address.');
  }
  const { loadModel } = await import('../model/load-model');
  const { addMachine } = await import('../add-machine/add-machine');
  const onWarning = (message: string) => progress.warning(message);
  const model = await loadModel(args.model, { flags: args, signal, onWarning, takesAllTypes: true });
  try {
    const { machineId, nRecordings, threshold } = await addMachine(model, {
      ...{ target: args.model, machineId: args.machineId, paths: words, isReplacing: args.replace },
      ...{ signal, onWarning, onProgress: (text: string, share: number) => progress.update(text, share) },
    });
    progress.close();
    if (args.json) printJson(terminal, { model: args.model, machineId, nRecordings, threshold });
    else
      terminal.out(
        `${model.machineType} ${machineId} learnt from ${nRecordings} recording(s); threshold ${threshold.toFixed(4)}\n`,
      );
  } finally {
    await model.close();
  }
  return EXIT.done;
}
