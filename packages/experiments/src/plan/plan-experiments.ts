import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { Dataset } from '@serial-oe/datasets';
import { backboneChecksum, readPretrained } from '@serial-oe/efficientnet-extractor';
import type { FileAccess } from '@serial-oe/runtime';
import type { BackendName } from '@serial-oe/runtime/node';
import { createFileAccess } from '@serial-oe/runtime/node';
import type {
  ExperimentProtocol,
  PresetName,
  SerialOeConfig,
  SerialOeConfigOverrides,
} from '@serial-oe/serial-oe';
import {
  REFERENCE_DIFFERENCES,
  resolveConfig,
  resolveProtocol,
  withReferenceDifferences,
} from '@serial-oe/serial-oe';
import type { ExperimentProgress } from '../experiment-progress';
import {
  type Experiment,
  type ExperimentName,
  isRunnable,
  type OmittedVariant,
  type Variant,
} from '../experiment-types';
import { ExperimentError } from '../jobs/experiment-error';
import { runFiles, scoresFile } from '../jobs/job-files';
import type { NamedClip, RunJob } from '../jobs/job-types';
import { readRunJson } from '../jobs/read-job-json';
import { experimentNamed } from '../paper/experiments';
import type { ExperimentResults } from '../results/experiment-results';
import { missingLabels } from './check-labels';
import { fingerprintClips } from './fingerprint-clips';
import { nameClips } from './name-clips';
import { countUpdates, planRuns, type RunPlan } from './plan-runs';

export interface RunExperimentsOptions {
  /** One or several; several share their runs. Of several, one that the labels do not allow is left out with a warning. */
  experiments: readonly ExperimentName[];
  /** Clips on disk. */
  dataset: Dataset;
  /** Default: every type that the labels allow. */
  machineTypes?: readonly string[] | undefined;
  /** Default 0 to 4. */
  seeds?: readonly number[] | undefined;
  /** Default 'quick'. */
  preset?: PresetName | undefined;
  /** Changes to the preset, for every variant. */
  config?: SerialOeConfigOverrides | undefined;
  /** Differences of the published code by name, on top of the preset (`reference` has all of them). */
  reference?: readonly string[] | undefined;
  /** timm's safetensors file, or one that `serial-oe weights import` wrote. Default: random weights by the seed. */
  weightsFile?: string | undefined;
  /** Numbers of anomalies an ID of `few-anomalies` and `contamination`. Default 0, 1, 2, 4, 8, 16, 32. */
  counts?: readonly number[] | undefined;
  /** Where runs and results are kept. */
  outFolder: string;
  /** Runs side by side, each in a process of its own. Default 1. */
  workers?: number | undefined;
  /** Default 'wasm'. */
  backend?: BackendName | undefined;
  /** Whether the paper's figures are set beside the results. Default: where the clips look like DCASE2020 Task 2. */
  isDcase2020?: boolean | undefined;
  onProgress?: ((progress: ExperimentProgress) => void) | undefined;
  /** Stops with a checkpoint of every running run. */
  signal?: AbortSignal | undefined;
}

const DEFAULT_SEEDS = [0, 1, 2, 3, 4];
const DEFAULT_COUNTS = [0, 1, 2, 4, 8, 16, 32];

/** An experiment on this data set. */
export interface Part {
  experiment: Experiment;
  variants: Variant[];
  omitted: OmittedVariant[];
  machineTypes: string[];
  skipped: ExperimentResults['skippedTypes'];
}

/** An experiment call, checked and planned. */
export interface PlannedExperiments extends RunPlan {
  options: RunExperimentsOptions;
  files: FileAccess;
  clips: NamedClip[];
  /** To be measured, each once. */
  machineTypes: readonly string[];
  seeds: readonly number[];
  counts: readonly number[];
  /** Before a variant changes it, with the first seed. */
  config: SerialOeConfig;
  protocol: ExperimentProtocol;
  weights: { file: string; sha256: string } | null;
  outFolder: string;
  parts: Part[];
  onProgress: (progress: ExperimentProgress) => void;
}

/** One training that an experiment needs. */
export interface PlannedRun {
  id: string;
  /** Updates of the whole training. */
  nUpdates: number;
  state: 'new' | 'trained' | 'finished';
  /** As `experiment/variant`. */
  variants: string[];
}

/**
 * The trainings that `runExperiments` would make or take from its folder, without making any.
 * @throws as `runExperiments`
 */
export async function planExperiments(options: RunExperimentsOptions): Promise<PlannedRun[]> {
  const { jobs, cells, files } = await prepareExperiments(options);
  const open = new Set(await openJobs(jobs, files));
  const runs: PlannedRun[] = [];
  for (const job of jobs) {
    const isTrained = await files.exists(runFiles(files, job.folder).record);
    const variants = cells.filter(({ runId }) => runId === job.id);
    runs.push({
      id: job.id,
      nUpdates: countUpdates(job),
      state: open.has(job) ? (isTrained ? 'trained' : 'new') : 'finished',
      variants: variants.map(({ experiment, variant }) => `${experiment}/${variant.id}`),
    });
  }
  return runs;
}

function resolveSettings({ preset, config, reference = [], seeds = DEFAULT_SEEDS }: RunExperimentsOptions): {
  config: SerialOeConfig;
  protocol: ExperimentProtocol;
} {
  const isProtocol = (name: string) =>
    REFERENCE_DIFFERENCES.some((each) => each.name === name && each.kind === 'protocol');
  const resolved = resolveConfig(preset, { ...config, seed: seeds[0] });
  return {
    config: withReferenceDifferences(
      resolved,
      reference.filter((name) => !isProtocol(name)),
    ),
    protocol: resolveProtocol(resolved.preset, reference.filter(isProtocol)),
  };
}

/** Checks options, labels and files, and plans every run. */
export async function prepareExperiments(options: RunExperimentsOptions): Promise<PlannedExperiments> {
  checkOptions(options);
  const files = createFileAccess();
  const { workers = 1, backend = 'wasm' } = options;
  const clips = nameClips(options.dataset.clips);
  const shared = {
    ...{ options, files, clips },
    machineTypes: typesToMeasure(options),
    outFolder: resolve(options.outFolder),
    onProgress: options.onProgress ?? (() => {}),
    seeds: options.seeds ?? DEFAULT_SEEDS,
    counts: [...new Set([0, ...(options.counts ?? DEFAULT_COUNTS)])].sort((a, b) => a - b),
    ...resolveSettings(options),
    weights: await readWeights(options.weightsFile, files),
  };
  const parts = planParts(shared);
  const plan = await planRuns({
    ...shared,
    backend,
    parts: parts.map(({ experiment, ...part }) => ({ ...part, experiment: experiment.name })),
    fingerprints: await fingerprintClips(clips),
    featureWorkers: workers < availableParallelism() ? 1 : 0,
  });
  return { ...shared, ...plan, parts };
}

type Context = Omit<PlannedExperiments, 'parts' | keyof RunPlan>;

/** The types that are asked for, each once. */
function typesToMeasure({ dataset, machineTypes }: RunExperimentsOptions): string[] {
  const known = [...new Set(dataset.clips.map(({ machineType }) => machineType))].sort();
  if (machineTypes === undefined) return known;
  const unknown = machineTypes.filter((type) => !known.includes(type));
  if (unknown.length > 0 || machineTypes.length === 0) {
    throw new RangeError(
      `serial-oe.runExperiments: machineTypes must be types of the data set (${known.join(', ') || 'it has no clips'}), ` +
        `got ${unknown.map((type) => JSON.stringify(type)).join(', ') || 'none'}.`,
    );
  }
  return [...new Set(machineTypes)];
}

/** @throws ExperimentError where the labels allow none of the experiments */
function planParts(context: Context): Part[] {
  const { experiments } = context.options;
  const planned = [...new Set(experiments)].map((name) => planPart(experimentNamed(name), context));
  const parts = planned.filter(({ machineTypes }) => machineTypes.length > 0);
  const reasonsOf = ({ skipped }: Part) =>
    skipped.map(({ machineType, reason }) => `\n  ${machineType}: ${reason}`).join('');
  if (parts.length === 0) {
    const reasons = planned.map((part) => `${part.experiment.name} has none:${reasonsOf(part)}`);
    throw new ExperimentError(
      `serial-oe.runExperiments: dataset must have a machine type with the labels that an experiment needs, but ${reasons.join('\n')}`,
    );
  }
  for (const part of planned) {
    const { experiment, machineTypes, omitted } = part;
    const warn = (message: string) =>
      context.onProgress({ kind: 'warning', message: `${experiment.name} ${message}` });
    if (machineTypes.length === 0) {
      warn(`is left out, no machine type has the labels that it needs:${reasonsOf(part)}`);
      continue;
    }
    for (const { machineType, reason } of part.skipped) warn(`leaves out ${machineType}: ${reason}`);
    for (const { title, reason } of omitted) warn(`leaves out "${title}": ${reason}`);
  }
  return parts;
}

function planPart(experiment: Experiment, context: Context): Part {
  const { clips, counts, machineTypes: types } = context;
  const nMoved = experiment.needs.movesAnomalies ? Math.max(...counts) : 0;
  const skipped = types.flatMap((machineType) => {
    const reason = missingLabels(clips, machineType, experiment, nMoved);
    return reason === null ? [] : [{ machineType, reason }];
  });
  const machineTypes = types.filter((type) => !skipped.some(({ machineType }) => machineType === type));
  const variants = experiment.variants({ hasPretrained: context.weights !== null, counts });
  const omitted = variants.filter((variant) => !isRunnable(variant)) as OmittedVariant[];
  return { experiment, variants: variants.filter(isRunnable), omitted, machineTypes, skipped };
}

/**
 * Jobs with something left to do.
 * @throws ExperimentError naming a file of a finished run that is cut off, before days are spent on others
 */
export async function openJobs(jobs: readonly RunJob[], files: FileAccess): Promise<RunJob[]> {
  const open: RunJob[] = [];
  for (const job of jobs) {
    const { record, embeddings } = runFiles(files, job.folder);
    const texts = [record, ...job.scorings.map(({ key }) => scoresFile(files, job.folder, key))];
    const isThere = async (path: string) => {
      if (!(await files.exists(path))) return false;
      if (path !== embeddings) await readRunJson(files, path);
      return true;
    };
    const exist = await Promise.all([embeddings, ...texts].map(isThere));
    if (exist.includes(false)) open.push(job);
  }
  return open;
}

async function readWeights(
  file: string | undefined,
  files: FileAccess,
): Promise<PlannedExperiments['weights']> {
  if (file === undefined) return null;
  const path = resolve(file);
  const bytes = await files.read(path).catch((cause: Error) => {
    throw new ExperimentError(
      `serial-oe.runExperiments: weightsFile must name a safetensors file, got ${file}: ${cause.message}.`,
      { cause },
    );
  });
  try {
    return { file: path, sha256: backboneChecksum(readPretrained(bytes).weights) };
  } catch (cause) {
    throw new ExperimentError(
      `serial-oe.runExperiments: weightsFile must hold pretrained weights of EfficientNet-B0, got ${file}: ${(cause as Error).message}`,
      { cause },
    );
  }
}

function checkOptions({
  experiments,
  seeds = DEFAULT_SEEDS,
  counts = DEFAULT_COUNTS,
  workers = 1,
}: RunExperimentsOptions): void {
  const where = 'serial-oe.runExperiments:';
  const isCount = (value: number) => Number.isInteger(value) && value >= 0;
  if (experiments.length === 0)
    throw new RangeError(`${where} experiments must name at least one, got none.`);
  if (seeds.length === 0 || !seeds.every(isCount) || new Set(seeds).size < seeds.length) {
    throw new RangeError(`${where} seeds must be different integers >= 0, got ${JSON.stringify(seeds)}.`);
  }
  if (!counts.every(isCount) || Math.max(0, ...counts) === 0) {
    throw new RangeError(
      `${where} counts must be integers >= 0, one of them above 0, got ${JSON.stringify(counts)}.`,
    );
  }
  if (!isCount(workers - 1))
    throw new RangeError(`${where} workers must be an integer >= 1, got ${workers}.`);
}
