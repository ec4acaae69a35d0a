import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { listFlag, switchFlag } from '../command/flag';
import { UsageError } from '../command/usage-error';
import { FALSE_ALARM_RATE, TAIL } from '../flags/decision-flags';
import { BACKEND, DATA_NOTE, MODEL, QUIET, RUNTIME, SCORE_WORKERS, THREADS } from '../flags/shared-flags';
import { printJson } from '../terminal/terminal';

const flags = {
  model: MODEL,
  data: listFlag(
    'DIR|CSV',
    'Normal recordings that the model was not trained on; may be given more than once. Default: the normal scores that the model holds.',
  ),
  falseAlarmRate: FALSE_ALARM_RATE,
  tail: TAIL,
  json: switchFlag('Prints the thresholds as JSON.'),
  runtime: RUNTIME,
  backend: BACKEND,
  workers: SCORE_WORKERS,
  threads: THREADS,
  quiet: QUIET,
};

const spec: CommandSpec<typeof flags> = {
  name: 'calibrate',
  summary: 'sets the thresholds of a model anew from normal recordings, without training',
  usage: '--model MODEL [--data DIR] [--false-alarm-rate RATE] [flags]',
  examples: [
    [
      'serial-oe calibrate --model fan-model --false-alarm-rate 1/day',
      'another rate, by the scores that the model holds',
    ],
    [
      'serial-oe calibrate --model fan-model --data january --data february',
      'thresholds for the place and the season that the model is used in',
    ],
  ],
  flags,
  notes: [
    'Recordings of several days make thresholds that hold on other days: a date (2026-01-17) or a number (day3, session_2) in the name of a file or ' +
      'folder tells the day, and the spread between days then counts. Thresholds from clips of one day hold for that day. Record at least five days, ' +
      'over all loads of the machine, ten clips a day.',
    'The interval says within which rates the false alarms will be, as far as the clips are like those to come. "Extrapolated" is a rate smaller than one ' +
      'in the number of clips: it holds as far as the distribution does.',
    'The model is replaced as a whole, and only once everything is computed.',
    DATA_NOTE,
  ],
  stopping: 'stopping after this clip; the model stays as it is',
};

export const command: Command<typeof flags> = { spec, run };

async function run({ args, progress, signal, terminal }: CommandContext<typeof flags>): Promise<number> {
  if (/^https?:\/\//i.test(args.model)) {
    throw new UsageError('--model must be a folder or a .zip file to be calibrated, not an address.');
  }
  const { loadModel } = await import('../model/load-model');
  const { calibrateModel, calibrationRows, calibrationText } = await import('../calibrate/calibrate-model');
  const onWarning = (message: string) => progress.warning(message);
  const model = await loadModel(args.model, { flags: args, signal, onWarning });
  try {
    const changes = await calibrateModel(model, {
      ...{ target: args.model, data: args.data, flags: args, signal, onWarning },
      onProgress: (text, share) => progress.update(text, share),
    });
    progress.close();
    if (args.json) printJson(terminal, calibrationRows(changes));
    else terminal.out(calibrationText(changes));
  } finally {
    await model.close();
  }
  return EXIT.done;
}
