import { COUNT, checkNumber, POSITIVE_COUNT } from '@serial-oe/foundation';
import { FolderInUseError } from '@serial-oe/runtime';
import { claimFolder, removeLeftovers } from '@serial-oe/runtime/node';
import type { Experiment } from './experiment-types';
import { doJobs } from './jobs/do-jobs';
import { ExperimentError } from './jobs/experiment-error';
import { jobFiles, SCORES_FOLDER } from './jobs/job-files';
import type { JobQueue } from './jobs/job-queue';
import type { Job } from './jobs/job-types';
import { openJobs } from './plan/open-jobs';
import { type PlannedExperiments, prepareExperiments } from './plan/plan-experiments';
import type { ExperimentResults } from './results/experiment-results';
import { idleQueue, writeAll } from './results/write-all';
import type { RunExperimentsOptions, Shard } from './run-experiments-options';
import { sourceCommit } from './source-commit';

const CALLER = 'experiments.runExperiments';
/** Claims of the calls that share the jobs. */
const SHARDS_FOLDER = 'shards';

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
  const { shard } = options;
  if (shard !== undefined) return runShard(experiments, options, shard);
  const planned = await prepareExperiments(experiments, options);
  const release = await claimFolder(planned.outFolder, CALLER);
  try {
    await removeLeftoversOfRuns(planned);
    const commit = await sourceCommit();
    const failed = await doOpenJobs(planned, { own: planned.jobs, commit });
    return await writeAll(planned, { failed, commit });
  } finally {
    await release();
  }
}

/**
 * Results of what is finished of experiments, without doing any job: after several calls with a `shard`, or while others still work.
 * What is not finished stands among the failures.
 *
 * @throws ExperimentError where no job is finished, and as {@link runExperiments}
 */
export async function collectExperiments(
  experiments: readonly Experiment[],
  options: Omit<RunExperimentsOptions, 'queue' | 'shard'> & Pick<JobQueue, 'backend'>,
): Promise<ExperimentResults[]> {
  const { backend, ...others } = options;
  const planned = await prepareExperiments(experiments, { ...others, queue: idleQueue(backend) });
  const release = await claimFolder(planned.outFolder, 'experiments.collectExperiments');
  try {
    const open = await openJobs(planned.jobs, planned.files);
    if (open.length === planned.jobs.length) {
      throw new ExperimentError(
        `experiments.collectExperiments: ${planned.outFolder} must hold finished jobs of these experiments, got none of ${open.length}. ` +
          'Give the same data, flags and folder as the calls that do them.',
      );
    }
    const missing = open.map(({ id }) => [id, new ExperimentError(`${id} is not finished`)] as const);
    return await writeAll(planned, { failed: new Map(missing), commit: await sourceCommit() });
  } finally {
    await release();
  }
}

/** The call's share of the jobs; then the results, where it finds all jobs finished and nobody else writes them. */
async function runShard(
  experiments: readonly Experiment[],
  options: RunExperimentsOptions,
  shard: Shard,
): Promise<ExperimentResults[]> {
  const { index, nShards } = checkShard(shard);
  const planned = await prepareExperiments(experiments, options);
  const { jobs, files, outFolder } = planned;
  const folder = files.join(outFolder, SHARDS_FOLDER, `${index}-of-${nShards}`);
  const release = await claimFolder(folder, CALLER);
  const commit = await sourceCommit();
  let failed: ReadonlyMap<string, Error>;
  try {
    const own = jobs.filter((_, i) => i % nShards === index);
    failed = await doOpenJobs(planned, { own, commit });
  } finally {
    await release();
  }
  const [first] = failed;
  if (first !== undefined) {
    const [id, cause] = first;
    throw new ExperimentError(
      `${CALLER}: ${failed.size} job(s) of shard ${index} of ${nShards} failed, ${id} among them: ${cause.message} ` +
        'The same call tries them again; collect makes the results of what is finished.',
      { cause },
    );
  }
  if ((await openJobs(jobs, files)).length > 0) return [];
  try {
    const whole = await claimFolder(outFolder, CALLER);
    try {
      return await writeAll(planned, { failed, commit });
    } finally {
      await whole();
    }
  } catch (error) {
    if (error instanceof FolderInUseError && error.cause === undefined) return []; // the other that came last writes them
    throw error;
  }
}

function checkShard({ index, nShards }: Shard): Shard {
  const where = 'experiments.runExperiments: shard';
  checkNumber(`${where}.nShards`, nShards, POSITIVE_COUNT);
  checkNumber(`${where}.index`, index, COUNT);
  if (index < nShards) return { index, nShards };
  throw new RangeError(`${where}.index must be below nShards (${nShards}), got ${index}. The first is 0.`);
}

/** Of jobs that are to be done here, those that are not finished; all that were planned count as the whole. */
async function doOpenJobs(
  planned: PlannedExperiments,
  { own, commit }: { own: readonly Job[]; commit: string | null },
): Promise<Map<string, Error>> {
  const { cells, files, onProgress, options } = planned;
  const { queue, signal, systems } = options;
  const open = await openJobs(own, files);
  const nJobs = own.length;
  onProgress({ kind: 'plan', nJobs, nFinished: nJobs - open.length, nCells: cells.length });
  return doJobs(open, { queue, systems, signal, nJobs, onProgress, commit });
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
