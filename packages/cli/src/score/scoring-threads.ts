import type { ScoringThreadOptions } from '@serial-oe/serial-oe';

/** The threads that `--workers` of score and evaluate asks for; 0 does everything on the main thread. */
export function scoringThreads(workers: number | undefined): ScoringThreadOptions {
  return workers === 0 ? { featureWorkers: 0 } : { workers };
}
