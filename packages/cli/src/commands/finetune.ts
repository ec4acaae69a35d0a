import { resolve } from 'node:path';
import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { integerFlag, listFlag, numberFlag, required, switchFlag, textFlag } from '../command/flag';
import { UsageError } from '../command/usage-error';
import { FALSE_ALARM_RATE, TAIL } from '../flags/decision-flags';
import { BACKEND, DATA_NOTE, MODEL, QUIET } from '../flags/shared-flags';
import { networkChanges, readConfigFile } from '../read-config';
import { readDatasets } from '../read-datasets';
import { printJson } from '../terminal/terminal';
import { showTraining } from '../train/training-progress';

const flags = {
  model: MODEL,
  data: required(
    listFlag(
      'DIR|CSV',
      'What the model was trained on, and test recordings, if there are; may be given more than once. See "Data" below.',
    ),
  ),
  labelled: listFlag(
    'DIR',
    'Recordings that "serial-oe label" has sorted, of both kinds; may be given more than once.',
  ),
  anomalies: listFlag('DIR', 'Recordings of faults; may be given more than once.'),
  normals: listFlag('DIR', 'Further normal recordings, such as false alarms; may be given more than once.'),
  machineId: textFlag('ID', 'The machine of the labelled recordings, where their names do not say it.'),
  out: textFlag('NEW', "The tuned model's folder, or one file by a name in .serialoe or .zip."),
  inPlace: switchFlag(
    'Replaces MODEL instead, if the tuned one does as well on the same clips or better; else it is left in MODEL.finetuned, with exit code 1.',
  ),
  holdOut: numberFlag(
    'SHARE',
    'Share of the labelled recordings that is kept to compare the models, from 0 to below 1. Default a third where --data has no normal and anomalous test clips of any machine, else 0.',
    { min: 0 },
  ),
  config: textFlag('FILE', 'JSON with changes to the configuration of the tuning.'),
  epochs: integerFlag('N', "Passes over the normal clips; default a quarter of the preset's.", { min: 1 }),
  backend: BACKEND,
  workers: integerFlag('N', 'Threads that train; default 1.', { min: 1 }),
  falseAlarmRate: {
    ...FALSE_ALARM_RATE,
    text: `${FALSE_ALARM_RATE.text} Default: the rate of the model's thresholds.`,
  },
  tail: TAIL,
  resume: switchFlag('Goes on from the checkpoint beside NEW, if there is one, to the same result.'),
  restart: switchFlag('Throws that checkpoint away and starts over.'),
  overwrite: switchFlag('Replaces NEW if it exists.'),
  json: switchFlag('Prints the result as JSON.'),
  quiet: QUIET,
};

const spec: CommandSpec<typeof flags> = {
  name: 'finetune',
  summary: 'trains a model further with faults and false alarms that were met in use',
  usage: '--model MODEL --data DIR --labelled DIR --out NEW [flags]',
  examples: [
    [
      'serial-oe finetune --model fan-model --data sounds --labelled labelled --out better-model',
      'with what "serial-oe label" has sorted; both models are compared on the same clips',
    ],
    [
      'serial-oe finetune --model fan-model --data sounds --anomalies yesterday --in-place',
      'replaces the model if the new one is no worse',
    ],
  ],
  flags,
  notes: [
    "The network goes on from its weights: known anomalies join the sounds that it learns to tell from normal ones (a quarter of those in a batch), at a tenth of the preset's learning rate. " +
      'Detectors and thresholds are fitted anew, with further normal recordings among their clips; systems without a network, and such members of the ensemble, are fitted anew.',
    'Both models score the test clips of --data that neither was trained with and the labelled recordings that were put aside. The interval of the difference tells whether the tuned one is better; ' +
      'with a handful of clips it seldom does. "calibrate --anomalies" sets thresholds by labelled recordings in seconds, without training.',
    DATA_NOTE,
  ],
  stopping: 'stopping once a checkpoint of what is trained is saved; the model stays as it is',
};

export const command: Command<typeof flags> = { spec, run };

async function run({ args, progress, signal, terminal }: CommandContext<typeof flags>): Promise<number> {
  checkPlaces(args);
  const changes = networkChanges(
    { config: args.config, epochs: args.epochs },
    await readConfigFile(args.config),
  );
  const { finetuneModel } = await import('../finetune/finetune-model');
  const { finetuneJson, finetuneText, finetuneWarning } = await import('../finetune/finetune-text');
  const onWarning = (message: string) => progress.warning(message);
  const dataset = readDatasets(args.data, progress);
  const { labelled, anomalies, normals, machineId, holdOut, workers, falseAlarmRate, tail } = args;
  const result = await finetuneModel({
    ...{ model: args.model, out: args.inPlace ? undefined : args.out, dataset },
    ...{ labelled, anomalies, normals, machineId, holdOut, changes, workers, falseAlarmRate, tail },
    ...{ isResumed: args.resume, isRestarted: args.restart, isOverwriting: args.overwrite },
    loading: { flags: { backend: args.backend }, signal, onWarning },
    signal,
    onTraining: (event) => showTraining(event, progress),
    onProgress: (text, share) => progress.update(text, share),
    onWarning,
  });
  progress.close();
  const warning = finetuneWarning(result);
  if (args.json) printJson(terminal, finetuneJson(result));
  else terminal.out(finetuneText(result));
  if (warning !== null) progress.warning(warning);
  const isRefused = args.inPlace && !result.isReplaced;
  if (isRefused) progress.notice(`${args.model} stays as it is; the tuned model is in ${result.out}`);
  return isRefused ? EXIT.failure : EXIT.done;
}

function checkPlaces({
  model,
  out,
  inPlace,
  holdOut,
  ...paths
}: Pick<
  Parameters<typeof run>[0]['args'],
  'model' | 'out' | 'inPlace' | 'holdOut' | 'labelled' | 'anomalies' | 'normals'
>): void {
  if (inPlace === (out !== undefined)) {
    throw new UsageError(inPlace ? '--in-place goes without --out.' : '--out is needed, or --in-place.');
  }
  if (inPlace && /^https?:\/\//i.test(model)) {
    throw new UsageError('--model must be a folder or a file to be replaced, not an address.');
  }
  if (out !== undefined && samePlace(out, model)) {
    throw new UsageError(
      '--out must be another place than --model: --in-place replaces it once it has proved as good.',
    );
  }
  if (holdOut !== undefined && holdOut >= 1) {
    throw new UsageError(`--hold-out must be a share from 0 to below 1, got ${holdOut}.`);
  }
  if (paths.labelled.length + paths.anomalies.length + paths.normals.length === 0) {
    throw new UsageError('--labelled, --anomalies or --normals is needed.');
  }
}

function samePlace(a: string, b: string): boolean {
  return resolve(a) === resolve(b);
}
