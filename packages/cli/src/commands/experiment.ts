import type { RunExperimentsOptions, Shard } from '@serial-oe/experiments';
import { REFERENCE_DIFFERENCES, resolveConfig } from '@serial-oe/serial-oe/config';
import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { integerFlag, namesFlag, required, switchFlag, textFlag } from '../command/flag';
import { UsageError } from '../command/usage-error';
import { showExperiment } from '../experiment/experiment-progress';
import {
  BACKEND,
  BATCH_SIZE,
  DATA,
  DATA_NOTE,
  EPOCHS,
  PRESET,
  QUEUE,
  QUEUE_NAME,
  QUIET,
} from '../flags/shared-flags';
import { PAPER_EXPERIMENTS } from '../paper/experiments';
import type { PaperExperimentName } from '../paper/paper-experiment';
import type { PaperOptions } from '../paper/plan-paper';
import { networkChanges, readConfigFile } from '../read-config';
import { readDatasets } from '../read-datasets';
import { isSystemName, SYSTEM_NAMES, type SystemName } from '../system-table';
import { printJson } from '../terminal/terminal';

const DIFFERENCES = REFERENCE_DIFFERENCES.filter(({ kind }) => kind !== 'choice')
  .map(({ name }) => name)
  .join(', ');

const NAMES = PAPER_EXPERIMENTS.map(({ name }) => name);
const ALL_BUT_THIS =
  'this share is done, others are not: the last one writes the results, "experiment collect" those of what is finished\n';
/** Of Serial-OE alone. */
const ALL = NAMES.filter((name) => name !== 'compare');

const flags = {
  data: required(DATA),
  out: textFlag(
    'DIR',
    'Where runs and results are kept; default experiments. Runs are shared between experiments.',
  ),
  types: namesFlag(
    'A,B,..',
    'Machine types to measure; default all that the labels allow. The others still serve as outliers.',
  ),
  seeds: integerFlag('N', 'Trainings of each variant, with the seeds 0 to N - 1; default 5.', { min: 1 }),
  preset: PRESET,
  config: textFlag(
    'FILE',
    'JSON with changes to the preset, for every variant. Its fields are those of serial-oe; compare takes those of the others under "systems": {"systems": {"scadacos": {"optimization": {"nEpochs": 20}}}}.',
  ),
  reference: namesFlag(
    'NAME,..',
    `Single differences of the published code on top of the preset (docs/parity.md); --preset reference has all of them. ${DIFFERENCES}.`,
  ),
  epochs: { ...EPOCHS, text: `${EPOCHS.text} With compare of every system that has a network.` },
  batchSize: {
    ...BATCH_SIZE,
    text: `${BATCH_SIZE.text} With compare also the clips or windows a step of the other networks.`,
  },
  weights: textFlag(
    'FILE',
    "ImageNet's weights to start from (docs/pretrained.md). Without them every network starts at random, and ablation has four variants less.",
  ),
  counts: namesFlag(
    'A,B,..',
    'few-anomalies and contamination: numbers of anomalies an ID; default 0,1,2,4,8,16,32. The largest leaves the test at every point.',
  ),
  systems: namesFlag('A,B,..', `compare: the systems; default all: ${SYSTEM_NAMES.join(', ')}.`),
  workers: integerFlag('N', 'Trainings side by side, each a process with its own memory; default 1.', {
    min: 1,
  }),
  shard: textFlag(
    'I/N',
    'Does the I-th of N equal shares of the trainings alone (from 0), for job arrays of several machines with one shared --out; the last to finish writes the results.',
  ),
  queue: QUEUE,
  queueName: QUEUE_NAME,
  detach: switchFlag(
    'With --queue: adds trainings and report, and ends. The worker that does the last training writes the report.',
  ),
  backend: BACKEND,
  dryRun: switchFlag('Lists the trainings and their number of steps, and stops.'),
  json: switchFlag('Prints the results as JSON.'),
  quiet: QUIET,
};

const spec: CommandSpec<typeof flags> = {
  name: 'experiment',
  summary: 'makes a table or figure of the paper on your data: many trainings, measured side by side',
  usage: `[collect] <${[...NAMES, 'all'].join('|')}> --data DIR [flags]`,
  examples: [
    ['serial-oe synth --out sounds --ids 3 --train 24 --test 28', 'sounds to try it on'],
    ['serial-oe experiment id-loss --data sounds --types fan --seeds 3', 'four ID losses, minutes each'],
    [
      'serial-oe experiment main --data dcase2020 --preset paper --weights b0.safetensors --workers 4',
      "Tables 1 and 2, the paper's figures beside yours",
    ],
    [
      'serial-oe experiment compare --data sounds --systems serial-oe,mel-statistics,twfr-gmm --seeds 5',
      'systems side by side',
    ],
    ['serial-oe experiment all --data sounds --dry-run', 'what would be done, and nothing else'],
    [
      'serial-oe experiment id-loss --data /share/sounds --out /share/out --shard $SLURM_ARRAY_TASK_ID/4',
      'a task of an array of four',
    ],
    [
      'serial-oe experiment id-loss --data /share/sounds --out /share/out --queue redis://head:6379 --detach',
      'leaves it all to workers',
    ],
  ],
  flags,
  words: { min: 1, max: 2, needed: `the name of an experiment is needed, one of ${NAMES.join(', ')}, all.` },
  notes: [
    'Writes OUT/<name>/report.html, results.csv, differences.csv and results.json, and keeps every training in OUT/runs. Finished ones are not done again: ' +
      'the same command after Ctrl-C (or a crash) goes on, with a training that was under way from its last epoch. "all" makes all but compare, and trains what they share once.',
    'On several machines: data and --out on a folder that all share, at the same path, and --shard I/N with the same other flags on each; "collect" before the name ' +
      'makes the results of what is finished, without training. Or --queue URL, with "serial-oe worker" on as many machines as you like; with --detach the command ends at once, ' +
      'and the same command later tells how far it is.',
    'main: the whole method (Tables 1, 2). id-loss: four losses for the machine ID (Table 3). ablation: L_type, pretrained weights and Mixup, on and off, and outliers in L_id without Mixup (Table 4). ' +
      'no-id: without machine IDs (Table 5). few-anomalies: known anomalies in training (Fig. 4). contamination: the same ones hidden among the normal clips (Fig. 5). ' +
      'embedding: t-SNE maps (Fig. 3). detectors, aggregators: other ways from the same embeddings to a score. ' +
      'compare: every system beside Serial-OE, with parameters, multiply-accumulates and milliseconds a clip; one that learns all machine types at once is trained once for all.',
    'Beside the network stand mel-statistics and level, which have none, and each variant is compared with the first on the same seeds and clips: ' +
      'differences with 95 % intervals, and how many seeds a difference of 3 points would need.',
    DATA_NOTE,
  ],
  stopping: 'stopping once every running training has saved its state; press Ctrl-C again to stop at once',
};

export const command: Command<typeof flags> = { spec, run };

/** The exit code is 1 where a run failed. */
async function run(context: CommandContext<typeof flags>): Promise<number> {
  const { args, words, progress, terminal } = context;
  const { config, others } = await readConfigs(args);
  resolveConfig(args.preset, config); // a wrong value is told before anything is read
  const { isCollecting, names } = askedFor(words);
  if (args.detach) checkDetach(args, isCollecting);
  const { planPaper } = await import('../paper/plan-paper');
  const { collectExperiments, runExperiments } = await import('@serial-oe/experiments');
  const planned = await planPaper(optionsOf(context, { names, config, others }));
  if (args.dryRun) {
    const { listJobs } = await import('../experiment/list-jobs');
    terminal.out(await listJobs(planned).finally(planned.close));
    return EXIT.done;
  }
  if (args.detach) {
    const { detach } = await import('../experiment/detach');
    await detach(planned, context);
    return EXIT.done;
  }
  const results = await (isCollecting
    ? collectExperiments(planned.experiments, collecting(planned.options))
    : runExperiments(planned.experiments, planned.options)
  ).finally(planned.close);
  progress.close();
  if (results.length === 0) {
    terminal.err(ALL_BUT_THIS);
    return EXIT.done;
  }
  if (args.json) printJson(terminal, results);
  else {
    const { resultsText } = await import('../experiment/results-text');
    terminal.out(results.map(resultsText).join('\n'));
  }
  return results.some(({ failures }) => failures.length > 0) ? EXIT.failure : EXIT.done;
}

function optionsOf(
  { args, progress, signal }: CommandContext<typeof flags>,
  { names, config, others }: Pick<PaperOptions, 'names' | 'config' | 'others'>,
): PaperOptions {
  const { data: paths, types: machineTypes, seeds: nSeeds, out: outFolder } = args;
  const { preset, reference, weights, workers, backend } = args;
  return {
    ...{ names, config, others, paths, machineTypes, nSeeds, outFolder },
    ...{ preset, reference, weights, workers, backend, signal },
    dataset: readDatasets(paths, progress),
    counts: args.counts?.map(countOf),
    systems: args.systems?.map(systemOf),
    queue: args.queue,
    queueName: args.queueName,
    onWarning: (message) => progress.warning(message),
    shard: args.shard === undefined ? undefined : shardOf(args.shard),
    onProgress: (event) => showExperiment(event, progress),
  };
}

function checkDetach(
  { queue, shard }: { queue?: string | undefined; shard?: string | undefined },
  isCollecting: boolean,
): void {
  if (queue === undefined) {
    throw new UsageError('--detach needs --queue URL: workers do what this command leaves to them.');
  }
  if (isCollecting || shard !== undefined) {
    throw new UsageError(
      `--detach cannot be had with ${isCollecting ? 'collect' : '--shard'}: its report is of all trainings, once they are done.`,
    );
  }
}

/** What the file and the flags ask of Serial-OE, and of the others under `systems`. */
async function readConfigs(
  args: CommandContext<typeof flags>['args'],
): Promise<Required<Pick<PaperOptions, 'config' | 'others'>>> {
  const { systems: systemConfigs = {}, ...own } = (await readConfigFile(args.config)) as {
    systems?: unknown;
  };
  if (typeof systemConfigs !== 'object' || systemConfigs === null) {
    throw new UsageError(
      `--config: "systems" must hold an object such as {"scadacos": {"optimization": {"nEpochs": 20}}}, got ${JSON.stringify(systemConfigs)}.`,
    );
  }
  const { epochs: nEpochs, batchSize } = args;
  return {
    config: networkChanges(args, own),
    others: { systemConfigs: systemConfigs as Record<string, object>, nEpochs, batchSize },
  };
}

/** `collect main`: the results of what is finished. */
function askedFor(words: readonly string[]): {
  isCollecting: boolean;
  names: readonly PaperExperimentName[];
} {
  const [first = '', second] = words;
  if (first === 'collect') {
    if (second === undefined)
      throw new UsageError(`collect needs the name of an experiment, one of ${NAMES.join(', ')}, all.`);
    return { isCollecting: true, names: namesOf(second) };
  }
  if (second !== undefined) throw new UsageError(`one experiment at a time, got "${first}" and "${second}".`);
  return { isCollecting: false, names: namesOf(first) };
}

/** What collecting needs of the options. */
function collecting({ queue, shard: _, ...options }: RunExperimentsOptions) {
  return { ...options, backend: queue.backend };
}

function shardOf(text: string): Shard {
  const [, index, nShards] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (index !== undefined && Number(index) < Number(nShards)) {
    return { index: Number(index), nShards: Number(nShards) };
  }
  throw new UsageError(`--shard must be I/N with I from 0 to N - 1, such as 0/4, got "${text}".`);
}

function namesOf(name: string): readonly PaperExperimentName[] {
  if (name === 'all') return ALL;
  const found = NAMES.find((each) => each === name);
  if (found !== undefined) return [found];
  throw new UsageError(`the experiment must be one of ${NAMES.join(', ')}, all, got "${name}".`);
}

function systemOf(name: string): SystemName {
  if (isSystemName(name)) return name;
  throw new UsageError(`--systems must name systems (${SYSTEM_NAMES.join(', ')}), got "${name}".`);
}

function countOf(text: string): number {
  const count = Number(text);
  if (text !== '' && Number.isInteger(count) && count >= 0) return count;
  throw new UsageError(`--counts must be whole numbers such as 0,1,2,4, got "${text}".`);
}
