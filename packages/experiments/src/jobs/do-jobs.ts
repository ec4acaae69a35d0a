import type { AsdSystem } from '@serial-oe/runtime';
import { JobStoppedError } from '@serial-oe/runtime';
import type { ExperimentProgress } from '../experiment-progress';
import type { JobQueue } from './job-queue';
import type { Job } from './job-types';
import { UpdateClock } from './update-clock';

export interface DoJobsOptions {
  queue: JobQueue;
  systems: readonly AsdSystem[];
  /** All jobs, finished ones included. */
  nJobs: number;
  commit: string | null;
  signal: AbortSignal | undefined;
  onProgress: (progress: ExperimentProgress) => void;
}

/**
 * Hands jobs to the queue. One that fails does not stop the others.
 * @returns the error of each job that failed, by its ID
 * @throws JobStoppedError once `signal` has aborted and every running one has saved what it has
 */
export async function doJobs(jobs: readonly Job[], options: DoJobsOptions): Promise<Map<string, Error>> {
  const { queue, systems, nJobs, commit, signal, onProgress } = options;
  const failed = new Map<string, Error>();
  const clock = new UpdateClock(jobs);
  let nDone = nJobs - jobs.length;
  const work = async (job: Job): Promise<void> => {
    const jobId = job.id;
    let startedAt = performance.now();
    const onEvent: Parameters<JobQueue['add']>[1]['onEvent'] = (event) => {
      if (event.kind === 'started') {
        startedAt = performance.now();
        onProgress({ kind: 'jobStarted', jobId });
        return;
      }
      clock.tell(jobId, event);
      onProgress({ kind: 'job', jobId, event, nDone, nJobs, ...clock.state() });
    };
    try {
      await queue.add(job, { systems, commit, signal, onEvent });
      nDone++;
      const seconds = (performance.now() - startedAt) / 1000;
      onProgress({ kind: 'jobFinished', jobId, nDone, nJobs, seconds });
    } catch (error) {
      if (signal?.aborted) return;
      nDone++;
      failed.set(jobId, error as Error);
      onProgress({ kind: 'jobFailed', jobId, nDone, nJobs, error: error as Error });
    }
    clock.finish(jobId);
  };
  await Promise.all(jobs.map(work));
  if (signal?.aborted) {
    throw new JobStoppedError(
      `experiments.runExperiments: interrupted with ${nDone} of ${nJobs} jobs finished. The same call goes on from there.`,
    );
  }
  return failed;
}
