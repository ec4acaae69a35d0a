import type { ScoringThreadOptions } from '@serial-oe/serial-oe';
import type { Arguments } from './arguments';

/** The threads that `--workers` of score and evaluate asks for; 0 does everything on the main thread. */
export function scoringThreads(args: Arguments): ScoringThreadOptions {
  const workers = args.integer('workers', 0);
  return workers === 0 ? { featureWorkers: 0 } : { workers };
}
