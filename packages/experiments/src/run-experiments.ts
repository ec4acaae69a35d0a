import { claimFolder } from '@serial-oe/runtime/node';
import type { RunJob } from './jobs/job-types';
import { performJobs } from './jobs/process-queue';
import { isDcase2020 } from './paper/is-dcase2020';
import {
  openJobs,
  type Part,
  type PlannedExperiments,
  prepareExperiments,
  type RunExperimentsOptions,
} from './plan/plan-experiments';
import type { Cell } from './plan/plan-runs';
import { experimentReport } from './report/experiment-report';
import { collectFigures, collectMaps } from './results/collect-results';
import type { ExperimentResults } from './results/experiment-results';
import { resultsCsv } from './results/results-csv';
import { sourceCommit } from './source-commit';
import { VERSION } from './version';

/**
 * Runs experiments of the paper and writes `<out>/<experiment>/{results.json,results.csv,report.html}`. Every training is
 * done once, whichever of them need it, and kept in `<out>/runs`: the same call again does what is not finished yet, going
 * on with an interrupted training from its last epoch.
 *
 * A training that fails is named in the results and does not stop the others.
 *
 * @throws ExperimentError where no machine type has the labels that any of the experiments needs (each is named), or a clip or
 *   a file of a finished run cannot be read; CheckpointError where another process uses the folder or it cannot be written;
 *   TrainingInterruptedError once `signal` has aborted; RangeError for options
 * @example
 * await runExperiments({ experiments: ['main'], dataset: scanDataset('sounds'), outFolder: 'experiments', seeds: [0, 1, 2] });
 */
export async function runExperiments(options: RunExperimentsOptions): Promise<ExperimentResults[]> {
  const planned = await prepareExperiments(options);
  const { jobs, cells, parts, files, outFolder, onProgress } = planned;
  const commit = await sourceCommit();
  const release = await claimFolder(outFolder, 'serial-oe.runExperiments');
  try {
    const open = await openJobs(jobs, files);
    const nRuns = jobs.length;
    onProgress({ kind: 'plan', nRuns, nFinished: nRuns - open.length, nCells: cells.length });
    const { workers = 1, backend = 'wasm', signal } = options;
    const failed = await performJobs(open, { workers, backend, signal, nRuns, onProgress, commit });
    const results: ExperimentResults[] = [];
    for (const part of parts) results.push(await writeResults(part, { ...planned, failed, commit }));
    return results;
  } finally {
    await release();
  }
}

async function writeResults(
  { experiment, variants, omitted, machineTypes, skipped }: Part,
  context: PlannedExperiments & { failed: ReadonlyMap<string, Error>; commit: string | null },
): Promise<ExperimentResults> {
  const { options, files, clips, seeds, config, protocol, weights, outFolder, commit, failed, onProgress } =
    context;
  const cells = context.cells.filter((cell) => cell.experiment === experiment.name);
  const isDcase = options.isDcase2020 ?? isDcase2020(clips, machineTypes);
  const collect = {
    ...{ files, outFolder, isDcase2020: isDcase, machineTypes },
    onMap: (nDone: number, nTotal: number) => onProgress({ kind: 'maps', nDone, nTotal }),
  };
  const results: ExperimentResults = {
    formatVersion: 1,
    experiment: experiment.name,
    title: experiment.title,
    source: experiment.source,
    question: experiment.question,
    generatedAt: new Date().toISOString(),
    version: VERSION,
    commit,
    dataset: { name: options.dataset.name ?? 'unnamed', nClips: clips.length, isDcase2020: isDcase },
    preset: config.preset,
    config,
    protocol,
    pretrainedWeights: weights?.sha256 ?? null,
    machineTypes,
    seeds: [...seeds],
    variants: variants.map(({ id, title, curve = null }) => ({ id, title, curve })),
    omittedVariants: omitted,
    skippedTypes: skipped,
    ...(await collectFigures(cells, failed, collect)),
    maps: experiment.name === 'embedding' ? await collectMaps(cells, collect) : [],
    notes: leaks(context.jobs, cells),
  };
  const folder = files.join(outFolder, experiment.name);
  const write = (name: string, content: string) => files.writeFile(files.join(folder, name), content);
  await write('results.json', `${JSON.stringify(results, null, 1)}\n`);
  await write('results.csv', resultsCsv(results));
  await write('report.html', experimentReport(results));
  onProgress({ kind: 'results', experiment: experiment.name, folder });
  return results;
}

/** What the published code's protocol tests on although it was trained on, by variant. */
function leaks(jobs: readonly RunJob[], cells: readonly Cell[]): string[] {
  const leaky = new Map(jobs.filter(({ isLeaky }) => isLeaky).map((job) => [job.id, job]));
  const shares = new Map<string, { nTested: number; nTrained: number }[]>();
  for (const { variant, runId, scoringKey } of cells) {
    const job = leaky.get(runId);
    if (job === undefined) continue;
    const trained = new Set(job.moved);
    const scored = job.scorings.find(({ key }) => key === scoringKey)?.testClips ?? [];
    const nTested = scored.filter((name) => trained.has(name)).length;
    if (nTested === 0) continue;
    shares.set(variant.id, [...(shares.get(variant.id) ?? []), { nTested, nTrained: trained.size }]);
  }
  return [...shares].map(([variant, runs]) => {
    const total = (of: (run: (typeof runs)[number]) => number) => runs.reduce((sum, run) => sum + of(run), 0);
    return (
      `${variant}: ${total(({ nTested }) => nTested)} of ${total(({ nTrained }) => nTrained)} known anomalies of ` +
      `${runs.length} run(s) are tested on although they trained them (leaky-known-anomalies).`
    );
  });
}
