import type { Experiment, Variant } from '../experiment-types';
import type { NamedClip } from '../jobs/job-types';
import { normalClips } from '../jobs/train-job';
import { trainedIds } from '../plan/plan-data';
import type { Part, PlannedExperiments } from '../plan/plan-experiments';
import { experimentReport } from '../report/experiment-report';
import { VERSION } from '../version';
import { type CollectOptions, collectFigures, collectMaps } from './collect-results';
import { differencesCsv } from './differences-csv';
import type { ExperimentResults, ResultSystem } from './experiment-results';
import { findDifferences } from './find-differences';
import { findLeaks } from './find-leaks';
import { resultsCsv } from './results-csv';

interface Context extends PlannedExperiments {
  /** By job. */
  failed: ReadonlyMap<string, Error>;
  commit: string | null;
}

/** The results of an experiment, from the files of its jobs; also written as JSON, CSV and a page. */
export async function writeResults(part: Part, context: Context): Promise<ExperimentResults> {
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
