import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type {
  ExperimentName,
  ExperimentProgress,
  ExperimentResults,
  Metric,
  RunEvent,
} from '@serial-oe/experiments';
import {
  cellText,
  EXPERIMENTS,
  planExperiments,
  type RunExperimentsOptions,
  resultsTable,
  runExperiments,
} from '@serial-oe/experiments';
import { BACKEND_NAMES } from '@serial-oe/runtime/node';
import type { TrainingProgress } from '@serial-oe/serial-oe';
import { resolveConfig } from '@serial-oe/serial-oe';
import { Arguments } from './arguments';
import { EXPERIMENT } from './commands/specs/experiment-spec';
import { duration, textTable } from './format';
import { interruptSignal } from './interrupt';
import { readConfig, readPreset } from './read-config';
import { readDatasets } from './read-datasets';
import { ProgressLine, type Terminal } from './terminal';

/** Characters of a row of `--dry-run` that list what a training is for. */
const LIST_WIDTH = 44;

/** `serial-oe experiment`; returns the exit code: 1 where a run failed. */
export async function runExperiment(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = new Arguments(EXPERIMENT, argv);
  const experiments = readNames(args);
  const paths = args.list('data');
  if (paths.length === 0) throw args.usage('--data is needed.');
  const preset = readPreset(args);
  const config = await readConfig(args);
  resolveConfig(preset, config); // a wrong value is told before anything is read
  const nSeeds = args.integer('seeds', 1);
  const progress = new ProgressLine(terminal, { isQuiet: args.has('quiet') });
  const { signal, release } = interruptSignal(() =>
    progress.warning(
      'stopping once every running training has saved its state; press Ctrl-C again to stop at once',
    ),
  );
  try {
    const options: RunExperimentsOptions = {
      experiments,
      dataset: readDatasets(paths, progress),
      machineTypes: namesIn(args.text('types')),
      seeds: nSeeds === undefined ? undefined : Array.from({ length: nSeeds }, (_, seed) => seed),
      preset,
      config,
      reference: namesIn(args.text('reference')),
      weightsFile: args.text('weights'),
      counts: readCounts(args),
      outFolder: args.text('out') ?? 'experiments',
      workers: args.integer('workers', 1),
      backend: args.oneOf('backend', BACKEND_NAMES),
      isDcase2020: paths.some((path) => existsSync(join(path, 'synthesis.json'))) ? false : undefined,
      onProgress: (event) => showProgress(event, progress),
      signal,
    };
    if (args.has('dry-run')) return await listRuns(options, terminal);
    const results = await runExperiments(options);
    progress.close();
    terminal.out(
      args.has('json') ? `${JSON.stringify(results, null, 1)}\n` : results.map(resultsText).join('\n'),
    );
    return results.some(({ failures }) => failures.length > 0) ? 1 : 0;
  } finally {
    progress.close();
    release();
  }
}

function readNames(args: Arguments): ExperimentName[] {
  const [name, ...others] = args.positionals;
  const names = EXPERIMENTS.map((each) => each.name);
  if (name === undefined)
    throw args.usage(`the name of an experiment is needed, one of ${names.join(', ')}, all.`);
  if (others.length > 0) throw args.usage(`unexpected argument "${others[0]}".`);
  if (name === 'all') return names;
  const found = names.find((each) => each === name);
  if (found === undefined)
    throw args.usage(`the experiment must be one of ${names.join(', ')}, all, got "${name}".`);
  return [found];
}

/** Names between commas. */
function namesIn(text: string | undefined): string[] | undefined {
  return text?.split(',').map((name) => name.trim());
}

function readCounts(args: Arguments): number[] | undefined {
  const text = args.text('counts');
  if (text === undefined) return undefined;
  const counts = text.split(',').map(Number);
  if (text.trim() !== '' && counts.every((count) => Number.isInteger(count) && count >= 0)) return counts;
  throw args.usage(`--counts must be whole numbers such as 0,1,2,4, got "${text}".`);
}

async function listRuns(options: RunExperimentsOptions, terminal: Terminal): Promise<number> {
  const runs = await planExperiments(options);
  const right = (title: string) => ({ title, align: 'right' as const });
  const columns = [{ title: 'run' }, right('steps'), { title: 'state' }, { title: 'variants' }];
  const rows = runs.map(({ id, nUpdates, state, variants }) => [
    id,
    String(nUpdates),
    state,
    shortList(variants),
  ]);
  const nUpdates = runs.reduce((sum, run) => sum + (run.state === 'new' ? run.nUpdates : 0), 0);
  terminal.out(`${textTable(columns, rows)}\n${runs.length} trainings, ${nUpdates} steps to do\n`);
  return 0;
}

/** The first names, as far as a terminal is wide, and how many there are beside them. */
function shortList(names: readonly string[]): string {
  const nShown = Math.max(
    1,
    names.findIndex((_, i) => names.slice(0, i + 1).join(', ').length > LIST_WIDTH),
  );
  const isWhole = names.join(', ').length <= LIST_WIDTH;
  return isWhole ? names.join(', ') : `${names.slice(0, nShown).join(', ')}, +${names.length - nShown}`;
}

function showProgress(event: ExperimentProgress, progress: ProgressLine): void {
  switch (event.kind) {
    case 'plan':
      progress.message(
        `${event.nCells} measurements from ${event.nRuns} trainings, ${event.nFinished} of them finished already`,
      );
      return;
    case 'warning':
      progress.warning(event.message);
      return;
    case 'run':
      showRun(event, progress);
      return;
    case 'runFinished':
      progress.message(
        `${event.runId} done in ${duration(event.seconds)}  ${event.nDone}/${event.nRuns} runs`,
      );
      return;
    case 'runFailed':
      progress.warning(`${event.runId} failed, the others go on: ${event.error.message}`);
      return;
    case 'maps':
      progress.update(`t-SNE maps ${event.nDone}/${event.nTotal}`, event.nDone / event.nTotal);
      return;
    case 'results':
      progress.message(`${event.experiment}: report.html, results.csv, results.json in ${event.folder}`);
      return;
    case 'runStarted':
      return;
  }
}

function showRun(event: Extract<ExperimentProgress, { kind: 'run' }>, progress: ProgressLine): void {
  const { runId, nDone, nRuns, share, secondsLeft } = event;
  const inner = event.event.kind === 'training' ? event.event.event : event.event;
  if (inner.kind === 'warning') progress.warning(`${runId}: ${inner.message}`);
  if (inner.kind === 'resumed') progress.message(`${runId}: resuming at epoch ${inner.epoch + 1}`);
  const stage = stageOf(inner);
  if (stage === null) return;
  const left = secondsLeft === null ? '' : `  ${duration(secondsLeft)} left`;
  progress.update(`runs ${nDone}/${nRuns}${left}  ${runId} ${stage}`, share);
}

/** What a run is at; null for what passes in no time. */
function stageOf(event: TrainingProgress | Exclude<RunEvent, { kind: 'training' }>): string | null {
  switch (event.kind) {
    case 'step':
      return `epoch ${event.epoch + 1}/${event.nEpochs}  loss ${event.loss.toFixed(4)}`;
    case 'reading':
    case 'embedding':
    case 'scoring':
      return `${event.kind} ${event.nDone}/${event.nTotal}`;
    default:
      return null;
  }
}

/** The tables of an experiment's results. */
export function resultsText(results: ExperimentResults): string {
  const { title, source, machineTypes, seeds, preset, dataset, omittedVariants, failures, maps, notes } =
    results;
  const heading = `${title} (${source}): ${dataset.name}, ${machineTypes.join(', ')}, preset ${preset}, ${seeds.length} seed(s)`;
  const parts = [
    tableText(results, 'aAuc', 'aAUC, %, mean of the machine IDs'),
    tableText(results, 'aAuc', 'aAUC, %, pooled: one curve over the clips of all IDs', 'pooled'),
    tableText(results, 'mAuc', 'mAUC, %, the lowest AUC of the machine IDs'),
    ...maps.map(
      ({ variant, machineType, trustworthiness, perplexity }) =>
        `map ${machineType} ${variant}: trustworthiness ${trustworthiness.toFixed(4)}, perplexity ${perplexity}`,
    ),
    ...omittedVariants.map(({ title: variant, reason }) => `not run: ${variant}: ${reason}`),
    ...notes.map((note) => `note: ${note}`),
    ...failures.map(({ variant, runId, reason }) => `failed: ${variant} (${runId}): ${reason}`),
  ];
  return `${heading}\n\n${parts.join('\n')}\n`;
}

function tableText(results: ExperimentResults, metric: Metric, caption: string, scope?: 'pooled'): string {
  const { columns, rows } = resultsTable(results, metric, scope);
  const titles = [{ title: 'variant' }, ...columns.map((title) => ({ title, align: 'right' as const }))];
  const lines = rows.map(({ title, cells, isPaper }) => [
    isPaper ? `  ${title}` : title,
    ...cells.map(cellText),
  ]);
  return `${caption}\n${textTable(titles, lines)}`;
}
