import {
  REFERENCE_DIFFERENCES,
  resolveConfig,
  type SerialOeConfig,
  withReferenceDifferences,
} from '@serial-oe/serial-oe/config';
import type { Command, CommandContext, CommandSpec, ValuesOf } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { integerFlag, orWord, required, switchFlag, textFlag } from '../command/flag';
import { UsageError } from '../command/usage-error';
import { BACKEND, BATCH_SIZE, DATA, DATA_NOTE, EPOCHS, PRESET, QUIET } from '../flags/shared-flags';
import { readConfig } from '../read-config';
import { readDatasets } from '../read-datasets';
import { printJson } from '../terminal/terminal';
import { showTraining } from '../train/training-progress';
import { resultJson, resultText } from '../train/training-result';

const CONFIG_DIFFERENCES = REFERENCE_DIFFERENCES.filter(({ kind }) => kind === 'config')
  .map(({ name }) => name)
  .join(', ');

const flags = {
  data: required(DATA),
  machineType: required(textFlag('T', 'The type to watch; the other types in the data serve as outliers.')),
  out: required(textFlag('MODEL', "The model's folder; must be new.")),
  system: textFlag('NAME', 'The detection system that learns; default serial-oe, the only one so far.'),
  preset: PRESET,
  reference: textFlag(
    'NAME[,NAME]',
    `Single differences of the published code on top of the preset and of --config: ${CONFIG_DIFFERENCES}.`,
  ),
  config: textFlag('FILE', 'JSON with changes to the preset, such as {"loss": {"alpha": 5}}.'),
  epochs: EPOCHS,
  batchSize: BATCH_SIZE,
  microBatch: orWord(
    'auto',
    integerFlag(
      'N',
      'Chunks that pass through the network at once on each thread, to save memory; must cut the batch into equal parts. BatchNorm then uses the statistics of each part. Default auto: the whole batch, or less where it would not fit into the 4 GB of the WASM backend; that is reported.',
      { min: 2 },
    ),
  ),
  seed: integerFlag('N', 'Default 0; the same seed gives the same model on the same backend.', { min: 0 }),
  backend: BACKEND,
  workers: integerFlag(
    'N',
    'Threads that train, each on its share of every batch; default 1, 2 are nearly twice as fast on two cores. The same number gives the same model again.',
    { min: 1 },
  ),
  weights: textFlag(
    'FILE',
    "ImageNet's weights to start from: timm's safetensors file of tf_efficientnet_b0, or what weights import made of it.",
  ),
  knownAnomalies: textFlag(
    'N|DIR',
    'Known anomalies to train with: N of the test anomalies of each ID (evaluate then leaves them out), or a folder.',
  ),
  heldOutAnomalies: integerFlag(
    'N',
    'Test anomalies of each ID that evaluate leaves out; give the same number to models you compare. Default: as many as known.',
    { min: 0 },
  ),
  resume: switchFlag(
    'Goes on from the checkpoint beside MODEL, if there is one, to the same result. If MODEL is that result already, says so and is done.',
  ),
  restart: switchFlag('Throws that checkpoint away and starts over.'),
  overwrite: switchFlag('Replaces MODEL if it exists.'),
  json: switchFlag('Prints the result as JSON.'),
  quiet: QUIET,
};

const spec: CommandSpec<typeof flags> = {
  name: 'train',
  summary: 'learns what the machines of one type sound like when all is well',
  usage: '--data DIR --machine-type T --out MODEL [flags]',
  examples: [
    [
      'serial-oe train --data sounds --machine-type fan --out fan-model',
      'minutes, on spectrograms of half size',
    ],
    [
      'serial-oe train --data dcase2020 --machine-type pump --preset paper --out pump-model',
      'every constant of the paper; hours on a CPU',
    ],
    [
      'serial-oe train --data sounds --machine-type fan --out fan-model --resume',
      'goes on with a run that was stopped',
    ],
  ],
  flags,
  notes: [
    'Ctrl-C saves a checkpoint in MODEL.checkpoint and stops, as SIGTERM and the end of the terminal (SIGHUP) do; a second Ctrl-C stops at once. A checkpoint is also written after every epoch and about every minute: a kill or a power cut costs no more.',
    DATA_NOTE,
  ],
  stopping: 'stopping once a checkpoint of what is trained is saved; press Ctrl-C again to stop at once',
};

export const command: Command<typeof flags> = { spec, run };

async function run({ args, progress, signal, terminal }: CommandContext<typeof flags>): Promise<number> {
  const config = await resolveFlags(args); // a wrong value is told before anything is read
  const knownAnomalies = numberOrPath(args.knownAnomalies);
  if (args.heldOutAnomalies !== undefined && typeof knownAnomalies === 'string') {
    throw new UsageError('--held-out-anomalies goes with a number of --known-anomalies, not with a folder.');
  }
  const { startBackend } = await import('@serial-oe/runtime/node');
  const { checkSystemName } = await import('../train/check-system-name');
  const { trainModel } = await import('../train/train-model');
  checkSystemName(args.system);
  await startBackend(args.backend ?? 'wasm');
  const dataset = readDatasets(args.data, progress);
  const startedAt = performance.now();
  const { model, isFinishedAlready } = await trainModel({
    dataset,
    machineType: args.machineType,
    out: args.out,
    config,
    weightsFile: args.weights,
    knownAnomalies,
    nHeldOut: args.heldOutAnomalies,
    workers: args.workers,
    isResumed: args.resume,
    isRestarted: args.restart,
    isOverwriting: args.overwrite,
    signal,
    onProgress: (event) => showTraining(event, progress),
  });
  progress.close();
  const seconds = (performance.now() - startedAt) / 1000;
  const result = { model, out: args.out, seconds, isFinishedAlready };
  if (args.json) printJson(terminal, resultJson(result));
  else terminal.out(resultText(result));
  model.dispose();
  return EXIT.done;
}

async function resolveFlags(args: ValuesOf<typeof flags>): Promise<SerialOeConfig> {
  const config = resolveConfig(args.preset, await readConfig(args));
  if (args.reference === undefined) return config;
  try {
    return withReferenceDifferences(config, args.reference.split(','));
  } catch (cause) {
    throw new UsageError(`--reference ${args.reference}: ${(cause as Error).message}`);
  }
}

function numberOrPath(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : text;
}
