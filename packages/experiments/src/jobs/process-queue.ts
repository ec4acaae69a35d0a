import { TrainingInterruptedError } from '@serial-oe/runtime';
import type { ExperimentProgress } from '../experiment-progress';
import { countUpdates } from '../plan/plan-runs';
import { type RunProcessOptions, runInProcess } from './job-process';
import type { RunEvent, RunJob } from './job-types';

export interface PerformJobsOptions extends Pick<RunProcessOptions, 'backend' | 'commit' | 'signal'> {
  /** Processes side by side. */
  workers: number;
  /** All runs, finished ones included. */
  nRuns: number;
  onProgress: (progress: ExperimentProgress) => void;
}

/**
 * Does the runs, `workers` of them at a time. A run that fails does not stop the others.
 * @returns the error of each run that failed, by its ID
 * @throws TrainingInterruptedError once `signal` has aborted and every running one has saved what it has
 */
export async function performJobs(
  jobs: readonly RunJob[],
  { workers, nRuns, onProgress, signal, ...options }: PerformJobsOptions,
): Promise<Map<string, Error>> {
  const failed = new Map<string, Error>();
  const clock = new UpdateClock(jobs);
  const queue = jobs.values();
  let nDone = nRuns - jobs.length;
  const work = async () => {
    for (const job of queue) {
      if (signal?.aborted) return;
      const startedAt = performance.now();
      const runId = job.id;
      onProgress({ kind: 'runStarted', runId });
      try {
        await runInProcess(job, {
          ...options,
          signal,
          onEvent: (event) => {
            clock.tell(runId, event);
            onProgress({ kind: 'run', runId, event, nDone, nRuns, ...clock.state() });
          },
        });
        nDone++;
        onProgress({
          kind: 'runFinished',
          runId,
          nDone,
          nRuns,
          seconds: (performance.now() - startedAt) / 1000,
        });
      } catch (error) {
        if (error instanceof TrainingInterruptedError) return;
        nDone++;
        failed.set(runId, error as Error);
        onProgress({ kind: 'runFailed', runId, nDone, nRuns, error: error as Error });
      }
      clock.finish(runId);
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, work));
  if (signal?.aborted) {
    throw new TrainingInterruptedError(
      `serial-oe.runExperiments: interrupted with ${nDone} of ${nRuns} runs finished. The same call goes on from there.`,
      null,
    );
  }
  return failed;
}

/** How many updates are made, and how long the others will take at that speed. */
class UpdateClock {
  readonly #total = new Map<string, number>();
  readonly #done = new Map<string, number>();
  /** Where each run stood when it began here: what a checkpoint brought took no time now. */
  readonly #first = new Map<string, number>();
  readonly #startedAt = performance.now();

  constructor(jobs: readonly RunJob[]) {
    for (const job of jobs) this.#total.set(job.id, countUpdates(job));
  }

  tell(runId: string, event: RunEvent): void {
    if (event.kind !== 'training' || event.event.kind !== 'step') return;
    const { nDone, nTotal } = event.event;
    this.#total.set(runId, nTotal);
    if (!this.#first.has(runId)) this.#first.set(runId, nDone);
    this.#done.set(runId, nDone);
  }

  finish(runId: string): void {
    const total = this.#total.get(runId) ?? 0;
    if (!this.#first.has(runId)) this.#first.set(runId, total); // it was scored alone, or failed
    this.#done.set(runId, total);
  }

  state(): { share: number; secondsLeft: number | null } {
    const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);
    const [total, done] = [sum(this.#total.values()), sum(this.#done.values())];
    const made = done - sum(this.#first.values());
    const seconds = (performance.now() - this.#startedAt) / 1000;
    return {
      share: total === 0 ? 1 : done / total,
      secondsLeft: made > 0 ? ((total - done) * seconds) / made : null,
    };
  }
}
