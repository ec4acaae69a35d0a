import { resolve } from 'node:path';
import type { FileAccess } from '@serial-oe/runtime';
import { createFileAccess } from '@serial-oe/runtime/node';
import type { ExperimentProgress } from '../experiment-progress';
import {
  DEFAULT_PROTOCOL,
  type Experiment,
  type ExperimentProtocol,
  isRunnable,
  type OmittedVariant,
  type Variant,
} from '../experiment-types';
import { ExperimentError } from '../jobs/experiment-error';
import { jobFiles } from '../jobs/job-files';
import type { NamedClip } from '../jobs/job-types';
import type { ExperimentResults } from '../results/experiment-results';
import type { RunExperimentsOptions } from '../run-experiments-options';
import { missingLabels } from './check-labels';
import { checkOptions, DEFAULT_SEEDS, typesToMeasure } from './check-options';
import { fingerprintClips } from './fingerprint-clips';
import { nameClips } from './name-clips';
import { checkRuns, openJobs } from './open-jobs';
import { type JobPlan, planJobs } from './plan-jobs';
import { type ReadSetup, readSetups } from './read-setups';

/** An experiment on this data set. */
export interface Part {
  experiment: Experiment;
  variants: Variant[];
  omitted: OmittedVariant[];
  machineTypes: string[];
  skipped: ExperimentResults['skippedTypes'];
}

/** An experiment call, checked and planned. */
export interface PlannedExperiments extends JobPlan {
  options: RunExperimentsOptions;
  files: FileAccess;
  clips: NamedClip[];
  /** To be measured, each once. */
  machineTypes: readonly string[];
  seeds: readonly number[];
  setups: Record<string, ReadSetup>;
  protocol: ExperimentProtocol;
  /** Absolute. */
  outFolder: string;
  parts: Part[];
  onProgress: (progress: ExperimentProgress) => void;
}

/** One training that an experiment needs. */
export interface PlannedJob {
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
export async function planExperiments(
  experiments: readonly Experiment[],
  options: RunExperimentsOptions,
): Promise<PlannedJob[]> {
  const { jobs, cells, files } = await prepareExperiments(experiments, options);
  const open = new Set(await openJobs(jobs, files));
  const planned: PlannedJob[] = [];
  for (const job of jobs) {
    const isTrained = await files.exists(jobFiles(files, job.folder).record);
    const variants = cells
      .filter(({ scores }) => scores.some(({ jobId }) => jobId === job.id))
      .map(({ experiment, variant }) => `${experiment}/${variant.id}`);
    planned.push({
      id: job.id,
      nUpdates: job.nUpdates,
      state: open.has(job) ? (isTrained ? 'trained' : 'new') : 'finished',
      variants: [...new Set(variants)],
    });
  }
  return planned;
}

/** Checks options, labels and files, and plans every job. */
export async function prepareExperiments(
  experiments: readonly Experiment[],
  options: RunExperimentsOptions,
): Promise<PlannedExperiments> {
  checkOptions(experiments, options);
  const { dataset, queue, seeds = DEFAULT_SEEDS, systems } = options;
  const files = createFileAccess();
  const clips = nameClips(dataset.clips);
  const shared = {
    ...{ options, files, clips },
    machineTypes: typesToMeasure(options),
    outFolder: resolve(options.outFolder),
    onProgress: options.onProgress ?? (() => {}),
    seeds,
    protocol: options.protocol ?? DEFAULT_PROTOCOL,
    setups: await readSetups(options.setups ?? {}, files),
  };
  await checkRuns(shared.outFolder, files);
  const parts = planParts(experiments, shared);
  const plan = planJobs({
    ...shared,
    systems,
    backend: queue.backend,
    parts: parts.map(({ experiment, ...part }) => ({
      ...part,
      experiment: experiment.name,
      hasMaps: experiment.hasMaps ?? false,
    })),
    fingerprints: await fingerprintClips(clips),
  });
  return { ...shared, ...plan, parts };
}

type Context = Omit<PlannedExperiments, 'parts' | keyof JobPlan>;

/** @throws ExperimentError where the labels allow none of the experiments */
function planParts(experiments: readonly Experiment[], context: Context): Part[] {
  const planned = experiments.map((experiment) => planPart(experiment, context));
  const parts = planned.filter(({ machineTypes }) => machineTypes.length > 0);
  if (parts.length === 0) {
    const reasons = planned.map((part) => `${part.experiment.name} has none:${reasonsOf(part)}`);
    throw new ExperimentError(
      `experiments.runExperiments: dataset must have a machine type with the labels that an experiment needs, but ${reasons.join('\n')}`,
    );
  }
  for (const part of planned) warnOfPart(part, context.onProgress);
  return parts;
}

function reasonsOf({ skipped }: Part): string {
  return skipped.map(({ machineType, reason }) => `\n  ${machineType}: ${reason}`).join('');
}

function warnOfPart(part: Part, onProgress: Context['onProgress']): void {
  const { experiment, machineTypes, omitted, skipped } = part;
  const warn = (message: string) => onProgress({ kind: 'warning', message: `${experiment.name} ${message}` });
  if (machineTypes.length === 0) {
    warn(`is left out, no machine type has the labels that it needs:${reasonsOf(part)}`);
    return;
  }
  for (const { machineType, reason } of skipped) warn(`leaves out ${machineType}: ${reason}`);
  for (const { title, reason } of omitted) warn(`leaves out "${title}": ${reason}`);
}

function planPart(experiment: Experiment, { clips, machineTypes: types }: Context): Part {
  const skipped = types.flatMap((machineType) => {
    const reason = missingLabels(clips, machineType, experiment);
    return reason === null ? [] : [{ machineType, reason }];
  });
  const machineTypes = types.filter((type) => !skipped.some(({ machineType }) => machineType === type));
  const { variants } = experiment;
  const omitted = variants.filter((variant): variant is OmittedVariant => !isRunnable(variant));
  return { experiment, variants: variants.filter(isRunnable), omitted, machineTypes, skipped };
}
