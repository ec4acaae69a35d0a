import type { SerialOeConfig, SerialOeConfigOverrides } from '../config/config';
import type { ExperimentProtocol } from '../config/protocol';
import { resolveConfig } from '../config/resolve-config';
import type { FileAccess } from '../platform';
import { sha256 } from '../sha256';
import type { ExperimentName, Variant } from './experiment-types';
import { evaluatedClips, planData } from './plan-data';
import { RUNS_FOLDER } from './run-files';
import type { NamedClip, RunJob, ScoringJob } from './run-types';

/** Changes with what a run computes from the same inputs; finished runs of another format are not taken. */
const RUN_FORMAT = 1;
const N_HASH_DIGITS = 12;

/** One figure to be: a variant, measured on a machine type with a seed. */
export interface Cell {
  experiment: ExperimentName;
  variant: Variant;
  machineType: string;
  seed: number;
  runId: string;
  scoringKey: string;
}

export interface RunPlan {
  /** Each once, however many cells need it. */
  jobs: RunJob[];
  cells: Cell[];
}

export interface PlanRunsOptions {
  /** What is to be measured, by experiment. */
  parts: readonly {
    experiment: ExperimentName;
    variants: readonly Variant[];
    machineTypes: readonly string[];
  }[];
  clips: readonly NamedClip[];
  /** Of each clip's content, by name. */
  fingerprints: ReadonlyMap<string, string>;
  seeds: readonly number[];
  /** Before a variant changes it. */
  config: SerialOeConfig;
  protocol: ExperimentProtocol;
  weights: { file: string; sha256: string } | null;
  /** Name of the tfjs backend: results differ in their last digits. */
  backend: string;
  outFolder: string;
  featureWorkers: number;
  files: Pick<FileAccess, 'join'>;
}

/** Every training that the variants need, each once, and which of its scores each cell takes. */
export async function planRuns(options: PlanRunsOptions): Promise<RunPlan> {
  const jobs = new Map<string, RunJob & { scorings: ScoringJob[] }>();
  const cells: Cell[] = [];
  for (const { experiment, variants, machineTypes } of options.parts) {
    for (const seed of options.seeds) {
      for (const machineType of machineTypes) {
        for (const variant of variants) {
          const job = await planRun(variant, { ...options, machineType, seed });
          const scoring = await planScoring(variant, job, { ...options, machineType, seed });
          const known = jobs.get(job.id) ?? { ...job, scorings: [] };
          if (!known.scorings.some(({ key }) => key === scoring.key)) known.scorings.push(scoring);
          jobs.set(job.id, known);
          cells.push({ experiment, variant, machineType, seed, runId: job.id, scoringKey: scoring.key });
        }
      }
    }
  }
  return { jobs: [...jobs.values()], cells };
}

type OfCell = PlanRunsOptions & { machineType: string; seed: number };

async function planRun({ training, scoring }: Variant, options: OfCell): Promise<RunJob> {
  const { clips, machineType, seed, protocol, fingerprints, backend } = options;
  const weights = training.isPretrained ? options.weights : null;
  const config = resolveConfig(undefined, withChanges({ ...options.config, seed }, training.config));
  const nHeldOut = scoring.nHeldOut ?? 0;
  const data = planData(clips, { machineType, seed, moved: training.moved, nHeldOut, protocol });
  const identity = {
    format: RUN_FORMAT,
    machineType,
    config: decisive(config),
    backend,
    weights: weights?.sha256 ?? null,
    clips: [...data.trainClips, ...data.testClips].map(({ name, label, split }) => [
      ...[name, label, split],
      fingerprints.get(name),
    ]),
  };
  const hash = (await sha256(JSON.stringify(identity))).slice(0, N_HASH_DIGITS);
  const id = `${machineType.replaceAll(/[^\w.-]+/g, '_')}-seed${seed}-${hash}`;
  return {
    id,
    folder: options.files.join(options.outFolder, RUNS_FOLDER, id),
    machineType,
    config,
    ...data,
    weightsFile: weights?.file ?? null,
    scorings: [],
    featureWorkers: options.featureWorkers,
  };
}

/**
 * What of a configuration decides a result. A field that came after the first finished runs is left out where it says what was
 * done before it: days of training are not to be done again for its sake.
 */
function decisive({ preset: _, ...config }: SerialOeConfig): object {
  const { selection, ...validation } = config.validation;
  return { ...config, validation: selection === 'last' ? validation : config.validation };
}

async function planScoring(
  { scoring }: Variant,
  { config, testClips }: RunJob,
  { clips, machineType, seed, protocol }: OfCell,
): Promise<ScoringJob> {
  const { nHeldOut } = scoring;
  const tested = new Set(testClips.map(({ name }) => name));
  const evaluated = evaluatedClips(clips, { machineType, seed, nHeldOut });
  const job = {
    detector: scoring.detector ?? null,
    aggregation: scoring.aggregation ?? config.decision.aggregation,
    protocol,
    testClips: evaluated.map(({ name }) => name).filter((name) => tested.has(name)),
  };
  const hash = await sha256(JSON.stringify([RUN_FORMAT, job]));
  return { key: hash.slice(0, N_HASH_DIGITS), ...job };
}

/** Two sets of changes as one; the later ones win. */
function withChanges(
  first: SerialOeConfigOverrides,
  second: SerialOeConfigOverrides,
): SerialOeConfigOverrides {
  const merged: Record<string, unknown> = { ...first };
  for (const [name, value] of Object.entries(second)) {
    const before = merged[name];
    const isSection = typeof value === 'object' && typeof before === 'object';
    merged[name] = isSection ? { ...before, ...value } : value;
  }
  return merged as SerialOeConfigOverrides;
}

/** Updates that a run makes; for the time that is left. */
export function countUpdates({ machineType, config, trainClips }: RunJob): number {
  const { batch, optimization, validation } = config;
  const nNormal = trainClips.filter(
    (clip) => clip.machineType === machineType && clip.label === 'normal',
  ).length;
  const nGroups = Math.ceil((nNormal * (1 - validation.fraction)) / batch.nNormal);
  return optimization.nEpochs * Math.max(1, batch.skipEverySecondGroup ? Math.ceil(nGroups / 2) : nGroups);
}
