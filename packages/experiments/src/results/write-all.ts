import { ExperimentError } from '../jobs/experiment-error';
import type { JobQueue } from '../jobs/job-queue';
import type { PlannedExperiments } from '../plan/plan-experiments';
import type { ExperimentResults } from './experiment-results';
import { writeResults } from './write-results';

/** The results of all experiments of a call, from the files of its jobs; each also written. */
export async function writeAll(
  planned: PlannedExperiments,
  { failed, commit }: { failed: ReadonlyMap<string, Error>; commit: string | null },
): Promise<ExperimentResults[]> {
  const results: ExperimentResults[] = [];
  for (const part of planned.parts) results.push(await writeResults(part, { ...planned, failed, commit }));
  return results;
}

/** Of a call that does no job. */
export function idleQueue(backend: string): JobQueue {
  return { backend, add: () => Promise.reject(new ExperimentError('experiments: no job is done here')) };
}
