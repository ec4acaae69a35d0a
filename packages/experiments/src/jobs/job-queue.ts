import type { AsdSystem } from '@serial-oe/runtime';
import type { Job, JobEvent } from './job-types';

/** How a job is done. */
export interface JobOptions {
  /** All there are; a queue of other processes finds them by itself. */
  systems: readonly AsdSystem[];
  /** Commit of the running source, for the record. */
  commit: string | null;
  onEvent: (event: JobEvent) => void;
  /** Stops with a checkpoint. */
  signal: AbortSignal | undefined;
}

/** Does jobs, in this process or in others, as many side by side as it can. */
export interface JobQueue {
  /** Names what computes, such as a tfjs backend: results differ in their last digits, so a job's name depends on it. */
  readonly backend: string;
  /**
   * Waits for its turn, then does what is not done yet of a job; tells `started` first.
   * @throws JobStoppedError once `signal` has aborted and what can be kept is saved; what training and scoring throw
   */
  add(job: Job, options: JobOptions): Promise<void>;
}
