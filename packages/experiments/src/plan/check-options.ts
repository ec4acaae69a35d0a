import { aggregate } from '@serial-oe/aggregator';
import {
  COUNT,
  checkOptions as checkNames,
  checkNumber,
  checkOneOf,
  type OptionNames,
} from '@serial-oe/foundation';
import { type Experiment, isRunnable, type ScoringRecipe } from '../experiment-types';
import { createDetector } from '../jobs/detector-spec';
import { RUNS_FOLDER } from '../jobs/job-files';
import type { RunExperimentsOptions } from '../run-experiments-options';

/** Five trainings of each variant. */
export const DEFAULT_SEEDS: readonly number[] = [0, 1, 2, 3, 4];

const WHERE = 'experiments.runExperiments:';

const OPTIONS: OptionNames<RunExperimentsOptions> = {
  systems: true,
  dataset: true,
  outFolder: true,
  queue: true,
  shard: true,
  seeds: true,
  machineTypes: true,
  setups: true,
  protocol: true,
  averagedIds: true,
  onProgress: true,
  signal: true,
};

/** @throws TypeError for an unknown option; RangeError naming what is wrong with experiments, seeds, systems or machine types */
export function checkOptions(experiments: readonly Experiment[], options: RunExperimentsOptions): void {
  checkNames('experiments.runExperiments', options, OPTIONS);
  const { seeds = DEFAULT_SEEDS, systems, setups = {} } = options;
  if (experiments.length === 0)
    throw new RangeError(`${WHERE} experiments must hold at least one, got none.`);
  checkUnique(
    'experiments must have different names',
    experiments.map(({ name }) => name),
  );
  const isSeed = (value: number) => Number.isInteger(value) && value >= 0;
  if (seeds.length === 0 || !seeds.every(isSeed) || new Set(seeds).size < seeds.length) {
    throw new RangeError(`${WHERE} seeds must be different integers >= 0, got ${JSON.stringify(seeds)}.`);
  }
  const known = systems.map(({ name }) => name);
  checkUnique('systems must have different names', known);
  for (const experiment of experiments) checkExperiment(experiment, known);
  checkKnown('setups', Object.keys(setups), known);
}

function checkExperiment({ name, variants }: Experiment, systems: readonly string[]): void {
  if (!/^[\w-][\w.-]*$/.test(name) || name === RUNS_FOLDER) {
    throw new RangeError(
      `${WHERE} the name of an experiment must be letters, digits, '.', '_' and '-' and not '${RUNS_FOLDER}', got ${JSON.stringify(name)}.`,
    );
  }
  checkUnique(
    `variants of ${name} must have different ids`,
    variants.map(({ id }) => id),
  );
  const named = variants.filter(isRunnable).map(({ system }) => system);
  checkKnown(`variants of ${name}`, named, systems);
  for (const variant of variants.filter(isRunnable))
    checkScoring(`variant ${variant.id} of ${name}`, variant.scoring);
}

const SCOPES = ['machineId', 'machineType'] as const;

/** A detector or an aggregation that there is not would end a run after hours of training. */
function checkScoring(what: string, { detector, detectorScope, aggregation, nHeldOut }: ScoringRecipe): void {
  try {
    if (detector !== undefined) createDetector(detector, () => 0);
    if (detectorScope !== undefined) checkOneOf('detectorScope', detectorScope, SCOPES);
    if (aggregation !== undefined) aggregate([0], aggregation);
    if (nHeldOut !== undefined) checkNumber('nHeldOut', nHeldOut, COUNT);
  } catch (cause) {
    throw new RangeError(
      `${WHERE} the scoring of ${what} must be possible, but ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** The types that are asked for, each once. */
export function typesToMeasure({
  dataset,
  machineTypes,
}: Pick<RunExperimentsOptions, 'dataset' | 'machineTypes'>): string[] {
  const known = [...new Set(dataset.clips.map(({ machineType }) => machineType))].sort();
  if (machineTypes === undefined) return known;
  const unknown = machineTypes.filter((type) => !known.includes(type));
  if (unknown.length > 0 || machineTypes.length === 0) {
    throw new RangeError(
      `${WHERE} machineTypes must be types of the data set (${known.join(', ') || 'it has no clips'}), ` +
        `got ${unknown.map((type) => JSON.stringify(type)).join(', ') || 'none'}.`,
    );
  }
  return [...new Set(machineTypes)];
}

function checkUnique(rule: string, names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new RangeError(`${WHERE} ${rule}, got ${JSON.stringify(twice)} twice.`);
}

function checkKnown(what: string, names: readonly string[], systems: readonly string[]): void {
  const unknown = names.find((name) => !systems.includes(name));
  if (unknown === undefined) return;
  throw new RangeError(
    `${WHERE} ${what} must name systems that are there (${systems.join(', ') || 'none is'}), got ${JSON.stringify(unknown)}.`,
  );
}
