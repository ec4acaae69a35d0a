import type { JobEvent } from './jobs/job-types';

/** What `onProgress` of `runExperiments` receives, told apart by `kind`. */
export type ExperimentProgress =
  /** What will be done; jobs that are finished from before are not done again. */
  | { kind: 'plan'; nJobs: number; nFinished: number; nCells: number }
  | { kind: 'warning'; message: string }
  | { kind: 'jobStarted'; jobId: string }
  | {
      kind: 'job';
      jobId: string;
      event: JobEvent;
      /** Of all jobs. */
      nDone: number;
      nJobs: number;
      /** Share of all updates that are made, in [0, 1]; of all jobs, where no system counts updates. */
      share: number;
      /** By the speed so far; null before there is one. */
      secondsLeft: number | null;
    }
  | { kind: 'jobFinished'; jobId: string; nDone: number; nJobs: number; seconds: number }
  | { kind: 'jobFailed'; jobId: string; nDone: number; nJobs: number; error: Error }
  | { kind: 'maps'; nDone: number; nTotal: number }
  | { kind: 'results'; experiment: string; folder: string };
