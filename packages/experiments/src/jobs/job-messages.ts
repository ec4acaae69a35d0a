import type { BackendName, PackedError } from '@serial-oe/runtime/node';
import type { Job, JobEvent } from './job-types';

/** What the process of a job must know beside the job. */
export interface JobSetting {
  /** URL of a module that exports `systems`. */
  systemsModule: string;
  /** Null for systems that use no tfjs. */
  backend: BackendName | null;
  /** Threads that prepare spectrograms. */
  featureThreads: number;
}

/** What the process of a job is told. */
export type ToJob = { kind: 'job'; job: Job; commit: string | null; setting: JobSetting } | { kind: 'stop' };

/** What it tells. Its last message is `done` or `failed`. */
export type FromJob =
  | { kind: 'event'; event: JobEvent }
  | { kind: 'done' }
  | { kind: 'failed'; error: PackedError };
