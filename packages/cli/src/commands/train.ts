import { REFERENCE_DIFFERENCES } from '@serial-oe/serial-oe/config';
import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { choiceFlag, integerFlag, orWord, required, switchFlag, textFlag } from '../command/flag';
import { UsageError } from '../command/usage-error';
import { DEFAULT_FALSE_ALARM_RATE, FALSE_ALARM_RATE, TAIL } from '../flags/decision-flags';
import { BACKEND, BATCH_SIZE, DATA, DATA_NOTE, EPOCHS, PRESET, QUIET } from '../flags/shared-flags';
import { readDatasets } from '../read-datasets';
import { hasNetwork, SYSTEM_NAMES } from '../system-table';
import { FLOAT16_TURNS } from '../terminal/float16-turns';
import { printJson } from '../terminal/terminal';
import { resolveTraining, watchedTypes } from '../train/train-config';
import { showTraining } from '../train/training-progress';
import { resultJson, resultText } from '../train/training-result';

const CONFIG_DIFFERENCES = REFERENCE_DIFFERENCES.filter(({ kind }) => kind === 'config')
  .map(({ name }) => name)
  .join(', ');

const flags = {
  data: required(DATA),
  machineType: required(
    textFlag(
      'T',
      'The type to watch; the other types in the data serve as outliers. A list such as fan,pump, or all for every type in the data: one model of these types, for systems whose one network tells all machines apart (stgram-mfn, noisy-arcmix, scadacos, clp-scf, sw-wavenet, ssc).',
    ),
  ),
  out: required(
    textFlag('MODEL', "The model's folder, or one file by a name in .serialoe or .zip; must be new."),
  ),
  system: {
    ...choiceFlag(
      SYSTEM_NAMES,
      `What learns: ${SYSTEM_NAMES.join(', ')}. Default ensemble, which is serial-oe (a network), mel-statistics, modulation-statistics and level: anomalous where one of them says so. With --preset paper or reference the default is serial-oe alone. Those up to level have no network, take seconds, and need recordings of one machine type alone; autoencoder and those after it are the networks that the paper compares itself with.`,
    ),
    value: 'NAME',
  },
  preset: PRESET,
  reference: textFlag(
    'NAME[,NAME]',
    `Single differences of the published code on top of the preset and of --config: ${CONFIG_DIFFERENCES}.`,
  ),
  config: textFlag('FILE', 'JSON with changes to the preset, such as {"loss": {"alpha": 5}}. See below.'),
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
  falseAlarmRate: {
    ...FALSE_ALARM_RATE,
    text: `${FALSE_ALARM_RATE.text} Default ${DEFAULT_FALSE_ALARM_RATE}. calibrate changes it without training.`,
  },
  tail: TAIL,
  licence: textFlag('TEXT', 'Licence of the recordings, for the model card; "unknown" where it is not told.'),
  float16: switchFlag(
    "Saves the network's weights at half the size, and says how far that changes the scores of the normal training clips.",
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
      'minutes; seconds where there are no other machine types',
    ],
    [
      'serial-oe train --data sounds --machine-type fan --system mel-statistics --out fan-model',
      'seconds, without a network',
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
    'Flags and fields that configure a network (--preset, --config, --epochs, --batch-size, --weights, --workers, --known-anomalies, ..) are those of the ' +
      'ensemble\'s network. A file for the ensemble may also hold "fusion" (min, max or mean) and, under "members", fields of the other members: ' +
      '{"fusion": "min", "members": {"mel-statistics": {"statistics": "meanDeviationRoughness"}}}. A file for a system without a network holds its own fields: ' +
      '{"statistics": "mean"}. "decision": {"falseAlarmRate": 0.02} is as --false-alarm-rate.',
    'The model card (model-card.md, and model-card.json for programs) stands beside the model: data with counts and checksums, licence, intended use, limits, ' +
      'thresholds; "evaluate --write-card" adds results, "inspect" shows it.',
    'Of the networks that the paper compares itself with, --preset is quick or paper (their published constants); --epochs, --batch-size, --micro-batch, --seed, --backend and --config go for them too ' +
      '(config --system NAME shows their fields), --known-anomalies for ddcsad-style alone. They are trained on all machines in the data, of other types as well, but for autoencoder.',
    'The ensemble trains what the recordings allow. A network learns by telling machine types apart: without recordings of another type the ensemble is ' +
      'made without it, which is said, and the model works like any other.',
    DATA_NOTE,
  ],
  stopping: 'stopping once a checkpoint of what is trained is saved; press Ctrl-C again to stop at once',
};

export const command: Command<typeof flags> = { spec, run };

async function run({ args, progress, signal, terminal }: CommandContext<typeof flags>): Promise<number> {
  const training = await resolveTraining(args); // a wrong value is told before anything is read
  const types = await watchedTypes(training.name, args.machineType);
  const knownAnomalies = numberOrPath(args.knownAnomalies);
  if (args.heldOutAnomalies !== undefined && typeof knownAnomalies === 'string') {
    throw new UsageError('--held-out-anomalies goes with a number of --known-anomalies, not with a folder.');
  }
  if (args.float16 && !hasNetwork(training.name)) {
    throw new UsageError(`--float16 is for the weights of a network, which ${training.name} has not.`);
  }
  if (hasNetwork(training.name)) {
    const { startBackend } = await import('@serial-oe/runtime/node');
    await startBackend(args.backend ?? 'wasm');
  }
  const { trainModel } = await import('../train/train-model');
  const dataset = readDatasets(args.data, progress);
  const startedAt = performance.now();
  const { scorer, isFinishedAlready, change } = await trainModel({
    ...training,
    dataset,
    ...types,
    out: args.out,
    weightsFile: args.weights,
    knownAnomalies,
    nHeldOut: args.heldOutAnomalies,
    workers: args.workers,
    licence: args.licence,
    isFloat16: args.float16,
    falseAlarmRate: args.falseAlarmRate ?? (training.fileRate ? { share: training.fileRate } : undefined),
    tail: args.tail,
    isResumed: args.resume,
    isRestarted: args.restart,
    isOverwriting: args.overwrite,
    signal,
    onProgress: (event) => showTraining(event, progress),
  });
  if (change !== null && change.nTurned > 0) progress.warning(FLOAT16_TURNS);
  progress.close();
  const seconds = (performance.now() - startedAt) / 1000;
  const { name: system, config } = training;
  const { out } = args;
  const { machineType } = types;
  const result = { system, scorer, machineType, config, out, seconds, isFinishedAlready, change };
  if (args.json) printJson(terminal, resultJson(result));
  else terminal.out(resultText(result));
  scorer.dispose();
  return EXIT.done;
}

function numberOrPath(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : text;
}
