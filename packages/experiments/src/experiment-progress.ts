import type { ExperimentName } from './experiment-types';
import type { RunEvent } from './jobs/job-types';

/** What `onProgress` of `runExperiments` receives, told apart by `kind`. */
export type ExperimentProgress =
  /** What will be done; runs that are finished from before are not done again. */
  | { kind: 'plan'; nRuns: number; nFinished: number; nCells: number }
  | { kind: 'warning'; message: string }
  | { kind: 'runStarted'; runId: string }
  | {
      kind: 'run';
      runId: string;
      event: RunEvent;
      /** Of all runs. */
      nDone: number;
      nRuns: number;
      /** Share of all updates that are made, in [0, 1]. */
      share: number;
      /** By the speed so far; null before there is one. */
      secondsLeft: number | null;
    }
  | { kind: 'runFinished'; runId: string; nDone: number; nRuns: number; seconds: number }
  | { kind: 'runFailed'; runId: string; nDone: number; nRuns: number; error: Error }
  | { kind: 'maps'; nDone: number; nTotal: number }
  | { kind: 'results'; experiment: ExperimentName; folder: string };
