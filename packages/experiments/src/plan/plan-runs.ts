import { createHash } from 'node:crypto';
import { parseDcaseFileName } from '@serial-oe/datasets';
import type { FileAccess } from '@serial-oe/runtime';
import type { ExperimentProtocol, SerialOeConfig } from '@serial-oe/serial-oe';
import { checkConfig, mergeConfig, stepsAnEpoch } from '@serial-oe/serial-oe';
import type { ExperimentName, Variant } from '../experiment-types';
import { RUNS_FOLDER } from '../jobs/job-files';
import type { NamedClip, RunJob, ScoringJob } from '../jobs/job-types';
import { evaluatedClips, planData, type RunData } from './plan-data';

/** Changes with what a run computes from the same inputs; finished runs of another format are not taken. */
const RUN_FORMAT = 1;
const N_HASH_DIGITS = 12;
const CALLER = 'runExperiments';

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
  const planned = new PlannedOnce(options);
  for (const { experiment, variants, machineTypes } of options.parts) {
    for (const seed of options.seeds) {
      for (const machineType of machineTypes) {
        for (const variant of variants) {
          const cell = { machineType, seed, variant };
          const job = planned.run(cell);
          const scoring = planScoring(variant, job, planned.evaluated(cell), options);
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

type OfCell = Pick<Cell, 'machineType' | 'seed' | 'variant'>;

/** What cells have in common, worked out once: a data set of 24,000 clips has a thousand runs. */
class PlannedOnce {
  readonly #options: PlanRunsOptions;
  readonly #runs = new Map<string, RunJob>();
  readonly #data = new Map<string, RunData>();
  readonly #evaluated = new Map<string, string[]>();
  readonly #clipTexts = new WeakMap<NamedClip, string>();
  readonly #dataTexts = new WeakMap<RunData, string>();

  constructor(options: PlanRunsOptions) {
    this.#options = options;
  }

  run(cell: OfCell): RunJob {
    const { training, scoring } = cell.variant;
    const { machineType, seed } = cell;
    const key = JSON.stringify([machineType, seed, training, training.moved ? scoring.nHeldOut : null]);
    return getOrAdd(this.#runs, key, () => this.#plan(cell));
  }

  /** Names of the clips that the cell is measured on, those apart that its run was trained on. */
  evaluated({ machineType, seed, variant: { scoring } }: OfCell): string[] {
    const { nHeldOut } = scoring;
    const { clips } = this.#options;
    const key = JSON.stringify([machineType, nHeldOut ? [seed, nHeldOut] : null]);
    return getOrAdd(this.#evaluated, key, () =>
      evaluatedClips(clips, { machineType, seed, nHeldOut }).map(({ name }) => name),
    );
  }

  #plan(cell: OfCell): RunJob {
    const { machineType, seed } = cell;
    const { training } = cell.variant;
    const { backend, config: base, files, featureWorkers, outFolder } = this.#options;
    const weights = training.isPretrained ? this.#options.weights : null;
    const config = mergeConfig(CALLER, { ...base, seed }, training.config);
    checkConfig(CALLER, config);
    const data = this.#dataOf(cell);
    const identity = {
      format: RUN_FORMAT,
      machineType,
      config: decisive(config),
      backend,
      weights: weights?.sha256 ?? null,
    };
    const text = `${JSON.stringify(identity).slice(0, -1)},"clips":[${this.#textOf(data)}]}`;
    const hash = hashOf(text);
    const id = `${machineType.replaceAll(/[^\w.-]+/g, '_')}-seed${seed}-${hash}`;
    return {
      id,
      folder: files.join(outFolder, RUNS_FOLDER, id),
      machineType,
      config,
      ...data,
      weightsFile: weights?.file ?? null,
      scorings: [],
      featureWorkers,
    };
  }

  #dataOf({ machineType, seed, variant: { training, scoring } }: OfCell): RunData {
    const { clips, protocol } = this.#options;
    const { moved } = training;
    const nHeldOut = scoring.nHeldOut ?? 0;
    const key = JSON.stringify([machineType, moved ? [seed, moved, nHeldOut] : null]);
    return getOrAdd(this.#data, key, () => planData(clips, { machineType, seed, moved, nHeldOut, protocol }));
  }

  /** The clips of a run as JSON, in the order of their roles. */
  #textOf(data: RunData): string {
    const known = this.#dataTexts.get(data);
    if (known !== undefined) return known;
    const text = [...data.trainClips, ...data.testClips].map((clip) => this.#clipText(clip)).join(',');
    this.#dataTexts.set(data, text);
    return text;
  }

  #clipText(clip: NamedClip): string {
    const known = this.#clipTexts.get(clip);
    if (known !== undefined) return known;
    const { name, label, split, machineType, machineId } = clip;
    const machine = namesMachine(clip) ? [] : [machineType, machineId];
    const text = JSON.stringify([name, label, split, this.#options.fingerprints.get(name), ...machine]);
    this.#clipTexts.set(clip, text);
    return text;
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

/** Whether the name says the machine, as in DCASE2020's layout; a manifest may give the same file to another one. */
function namesMachine({ name, machineType, machineId }: NamedClip): boolean {
  const [type, split] = name.split('/').slice(-3);
  return (
    type === machineType &&
    (split === 'train' || split === 'test') &&
    parseDcaseFileName(name)?.machineId === machineId
  );
}

/**
 * What of a configuration decides a result. A field that came after the first finished runs is left out where it says what was
 * done before it: days of training are not to be done again for its sake.
 */
function decisive({ preset: _, ...config }: SerialOeConfig): object {
  const { selection, ...validation } = config.validation;
  return { ...config, validation: selection === 'last' ? validation : config.validation };
}

function planScoring(
  { scoring }: Variant,
  { config, testClips }: RunJob,
  evaluated: readonly string[],
  { protocol }: PlanRunsOptions,
): ScoringJob {
  const tested = new Set(testClips.map(({ name }) => name));
  const job = {
    detector: scoring.detector ?? null,
    aggregation: scoring.aggregation ?? config.decision.aggregation,
    protocol,
    testClips: evaluated.filter((name) => tested.has(name)),
  };
  return { key: hashOf(JSON.stringify([RUN_FORMAT, job])), ...job };
}

/** By Node's own SHA-256: a plan of a thousand runs hashes gigabytes. */
function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, N_HASH_DIGITS);
}

/** Updates that a run makes; for the time that is left. */
export function countUpdates({ machineType, config, trainClips }: RunJob): number {
  const { batch, optimization, validation } = config;
  const nNormal = trainClips.filter(
    (clip) => clip.machineType === machineType && clip.label === 'normal',
  ).length;
  return optimization.nEpochs * Math.max(1, stepsAnEpoch(nNormal * (1 - validation.fraction), batch));
}
