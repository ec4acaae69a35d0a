import { JobStoppedError } from '@serial-oe/runtime';

/** Of a job whose signal has aborted. */
export function jobStopped(id: string, cause?: unknown): JobStoppedError {
  return new JobStoppedError(`experiments.runExperiments: job ${id} was interrupted.`, { cause });
}
