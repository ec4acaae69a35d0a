import { claimFolder, removeLeftovers } from '@serial-oe/runtime/node';
import type { Experiment, Variant } from './experiment-types';
import { doJobs } from './jobs/do-jobs';
import { jobFiles, SCORES_FOLDER } from './jobs/job-files';
import type { NamedClip } from './jobs/job-types';
import { normalClips } from './jobs/train-job';
import { openJobs } from './plan/open-jobs';
import { trainedIds } from './plan/plan-data';
import { type Part, type PlannedExperiments, prepareExperiments } from './plan/plan-experiments';
import { experimentReport } from './report/experiment-report';
import { type CollectOptions, collectFigures, collectMaps } from './results/collect-results';
import { differencesCsv } from './results/differences-csv';
import type { ExperimentResults, ResultSystem } from './results/experiment-results';
import { findDifferences } from './results/find-differences';
import { findLeaks } from './results/find-leaks';
import { resultsCsv } from './results/results-csv';
import type { RunExperimentsOptions } from './run-experiments-options';
import { sourceCommit } from './source-commit';
import { VERSION } from './version';

/**
 * Runs experiments on detection systems and writes `<out>/<experiment>/{results.json,results.csv,differences.csv,report.html}`. Every training
 * is done once, whichever of them need it, and kept in `<out>/runs`: the same call again does what is not finished yet, going on
 * with an interrupted training from its last checkpoint.
 *
 * A training that fails is named in the results and does not stop the others.
 *
 * @throws ExperimentError where no machine type has the labels that any of the experiments needs (each is named), or a clip or
 *   a file of a finished run cannot be read or is of another format; FolderInUseError where another process uses the folder or it
 *   cannot be written; JobStoppedError once `signal` has aborted; RangeError for options, and what systems throw for theirs
 * @example
 * await runExperiments([experiment], { systems: [system], dataset: scanDataset('sounds'), outFolder: 'out', queue: inlineQueue() });
 */
export async function runExperiments(
  experiments: readonly Experiment[],
  options: RunExperimentsOptions,
): Promise<ExperimentResults[]> {
  const planned = await prepareExperiments(experiments, options);
  const { jobs, cells, parts, files, outFolder, onProgress } = planned;
  const commit = await sourceCommit();
  const release = await claimFolder(outFolder, 'experiments.runExperiments');
  try {
    await removeLeftoversOfRuns(planned);
    const open = await openJobs(jobs, files);
    const nJobs = jobs.length;
    onProgress({ kind: 'plan', nJobs, nFinished: nJobs - open.length, nCells: cells.length });
    const { queue, signal, systems } = options;
    const failed = await doJobs(open, { queue, systems, signal, nJobs, onProgress, commit });
    const results: ExperimentResults[] = [];
    for (const part of parts) results.push(await writeResults(part, { ...planned, failed, commit }));
    return results;
  } finally {
    await release();
  }
}

/** What killed runs left half written, wherever these experiments write. */
async function removeLeftoversOfRuns({ jobs, parts, files, outFolder }: PlannedExperiments): Promise<void> {
  const folders = jobs.flatMap(({ folder }) => [
    folder,
    files.join(folder, SCORES_FOLDER),
    jobFiles(files, folder).checkpoint,
  ]);
  const results = parts.map(({ experiment }) => files.join(outFolder, experiment.name));
  for (const folder of [...folders, ...results]) await removeLeftovers(folder);
}

interface Context extends PlannedExperiments {
  /** By job. */
  failed: ReadonlyMap<string, Error>;
  commit: string | null;
}

async function writeResults(part: Part, context: Context): Promise<ExperimentResults> {
  const { files, outFolder, onProgress } = context;
  const results = await collectResults(part, context);
  const folder = files.join(outFolder, part.experiment.name);
  const write = (name: string, content: string) => files.writeFile(files.join(folder, name), content);
  await write('results.json', `${JSON.stringify(results, null, 1)}\n`);
  await write('results.csv', resultsCsv(results));
  await write('differences.csv', differencesCsv(results));
  await write('report.html', experimentReport(results));
  onProgress({ kind: 'results', experiment: part.experiment.name, folder });
  return results;
}

async function collectResults(part: Part, context: Context): Promise<ExperimentResults> {
  const { experiment, variants, omitted, machineTypes, skipped } = part;
  const { options, files, clips, seeds, protocol, outFolder, commit, failed, onProgress } = context;
  const cells = context.cells.filter((cell) => cell.experiment === experiment.name);
  const collect: CollectOptions = { files, outFolder, machineTypes, averagedIds: options.averagedIds ?? {} };
  const onMap = (nDone: number, nTotal: number) => onProgress({ kind: 'maps', nDone, nTotal });
  const { scored, ...collected } = await collectFigures(cells, failed, collect);
  const described = describeVariants(experiment, variants);
  return {
    formatVersion: 3,
    experiment: experiment.name,
    title: experiment.title,
    source: experiment.source ?? '',
    question: experiment.question,
    generatedAt: new Date().toISOString(),
    version: VERSION,
    commit,
    dataset: { name: options.dataset.name ?? 'unnamed', nClips: clips.length },
    systems: describeSystems(variants, context),
    protocol,
    machineTypes,
    seeds: [...seeds],
    ...described,
    normalClipsPerId: experiment.hasRatioAxis ? countNormalClips(clips, machineTypes) : null,
    skippedTypes: skipped,
    ...collected,
    differences: findDifferences({ ...described, ...collected, machineTypes, scored }),
    omittedVariants: [...omitted, ...collected.omittedVariants],
    maps: experiment.hasMaps ? await collectMaps(cells, collect, onMap) : [],
    remarks: [...(experiment.remarks ?? [])],
    notes: findLeaks(context.jobs, cells),
  };
}

function describeVariants(
  { compared, xLabel = '' }: Experiment,
  variants: readonly Variant[],
): Pick<ExperimentResults, 'variants' | 'xLabel' | 'compared'> {
  const described = variants.map(({ id, title, system, curve = null, isBaseline = false }) => ({
    ...{ id, title, system, curve, isBaseline },
  }));
  return { variants: described, xLabel, compared: compared ?? null };
}

/** Normal training clips and their machine IDs, by machine type. */
function countNormalClips(
  clips: readonly NamedClip[],
  machineTypes: readonly string[],
): NonNullable<ExperimentResults['normalClipsPerId']> {
  const counts = machineTypes.map((machineType) => {
    const nIds = trainedIds(clips, machineType).length;
    return [machineType, { nClips: normalClips(clips, { machineType }).length, nIds }] as const;
  });
  return Object.fromEntries(counts);
}

/** The systems that the variants name, each as it was set up. */
function describeSystems(variants: readonly Variant[], { options, seeds, setups }: Context): ResultSystem[] {
  const used = new Set(variants.map(({ system }) => system));
  return options.systems
    .filter(({ name }) => used.has(name))
    .map((system) => {
      const { preset, config = {}, startFrom = null } = setups[system.name] ?? {};
      const resolved = system.resolveConfig(preset, { ...config, seed: seeds[0] });
      const { name } = system;
      return { name, preset: preset ?? null, config: resolved, startFrom: startFrom?.hashes ?? null };
    });
}
