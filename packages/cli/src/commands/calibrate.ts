import type { Costs } from '../calibrate/labelled-faults';
import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { listFlag, numberFlag, switchFlag, textFlag } from '../command/flag';
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
  anomalies: listFlag(
    'DIR',
    'Recordings of faults: how many the thresholds find is shown; with --miss-cost they set the thresholds. May be given more than once.',
  ),
  normals: listFlag(
    'DIR',
    'False alarms: the detectors of their machines are learnt anew from --data and these, without training. May be given more than once.',
  ),
  machineType: textFlag(
    'T',
    'Of a model of several types the one whose thresholds are set; needed with --anomalies and --normals. Default: all of its types.',
  ),
  machineId: textFlag('ID', 'The machine of --anomalies and --normals, where their names do not say it.'),
  missCost: numberFlag(
    'X',
    'What a fault costs that is not found; sets thresholds by cost, by --anomalies.',
    { min: 0 },
  ),
  falseAlarmCost: numberFlag('X', 'What a false alarm costs, in the same unit; default 1.', { min: 0 }),
  anomalyRate: numberFlag('SHARE', 'Share of clips in use that are anomalous; default 0.001.', { min: 0 }),
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
    [
      'serial-oe calibrate --model fan-model --anomalies labelled --miss-cost 1000',
      'thresholds of least cost by known faults, where a missed one costs a thousand false alarms',
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
  costsOf(args); // what is wrong is told before anything is read
  const onWarning = (message: string) => progress.warning(message);
  const model = await loadModel(args.model, { flags: args, signal, onWarning, takesAllTypes: true });
  try {
    const { anomalies, normals, machineType, machineId } = args;
    const changes = await calibrateModel(model, {
      ...{ target: args.model, data: args.data, flags: args, signal, onWarning },
      ...{ anomalies, normals, machineType, machineId, costs: costsOf(args) },
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

type Args = CommandContext<typeof flags>['args'];

function costsOf({
  anomalies,
  normals,
  data,
  missCost,
  falseAlarmCost,
  anomalyRate,
}: Args): Costs | undefined {
  if (normals.length > 0 && data.length === 0) {
    throw new UsageError(
      '--normals needs --data with usual normal recordings: false alarms alone are the strangest of what is normal.',
    );
  }
  if (missCost === undefined) {
    if (falseAlarmCost === undefined && anomalyRate === undefined) return undefined;
    throw new UsageError('--false-alarm-cost and --anomaly-rate go with --miss-cost.');
  }
  if (anomalies.length === 0) throw new UsageError('--miss-cost needs --anomalies.');
  if (anomalyRate !== undefined && anomalyRate > 1) {
    throw new UsageError(`--anomaly-rate must be a share from 0 to 1, got ${anomalyRate}.`);
  }
  return { missCost, falseAlarmCost: falseAlarmCost ?? 1, anomalyRate: anomalyRate ?? 0.001 };
}
