import { claimFolder } from '@serial-oe/runtime/node';
import type { Experiment } from '../experiment-types';
import { openJobs } from '../plan/open-jobs';
import { prepareExperiments } from '../plan/plan-experiments';
import { reportJob } from '../report-job';
import type { RunExperimentsOptions } from '../run-experiments-options';
import { sourceCommit } from '../source-commit';
import type { BullQueue } from './bull-queue';

export interface QueueExperimentsOptions extends Omit<RunExperimentsOptions, 'queue' | 'shard' | 'signal'> {
  queue: BullQueue;
}

/** What a call that does not wait has left to the workers. */
export interface QueuedExperiments {
  /** All that the experiments need. */
  nJobs: number;
  /** Of them, those that were finished before. */
  nFinished: number;
  /** False where the same experiments were in the queue already: nothing was added. */
  isNew: boolean;
}

/**
 * As `runExperiments`, by a queue on a server, without waiting: trainings and the report over them are added as one flow, and the
 * worker that finds the last training done writes `<out>/<experiment>/{results.json,results.csv,differences.csv,report.html}`. Trainings
 * that fail stand in the report. The same call again adds nothing while the first is under way.
 *
 * @throws as `runExperiments` before its jobs begin
 */
export async function queueExperiments(
  experiments: readonly Experiment[],
  options: QueueExperimentsOptions,
): Promise<QueuedExperiments> {
  const { queue } = options;
  const planned = await prepareExperiments(experiments, options);
  const { jobs, files, outFolder, cells, onProgress } = planned;
  const release = await claimFolder(outFolder, 'experiments.queueExperiments');
  try {
    const open = await openJobs(jobs, files);
    const counts = { nJobs: jobs.length, nFinished: jobs.length - open.length };
    onProgress({ kind: 'plan', ...counts, nCells: cells.length });
    const commit = await sourceCommit();
    const isNew = await queue.addFlow({ report: reportJob(experiments, planned), jobs: open, commit });
    return { ...counts, isNew };
  } finally {
    await release();
  }
}
