import type { BackendName, PackedError } from '@serial-oe/runtime/node';
import type { ReportJob } from '../report-job';
import type { Job, JobEnd, JobEvent } from './job-types';

/** What the process of a job must know beside the job. */
export interface JobSetting {
  /** URL of a module that exports `systems`. */
  systemsModule: string;
  /** Null for systems that use no tfjs. */
  backend: BackendName | null;
  /** Threads that prepare spectrograms. */
  featureThreads: number;
  /** How long it waits for another process that has the same folder, before it fails with FolderInUseError, ms. */
  patienceMs: number;
}

/** What a process is to do. */
export type Task =
  | { kind: 'job'; job: Job; until: JobEnd }
  /** `reasons`: why jobs failed, by name. */
  | { kind: 'report'; report: ReportJob; reasons: Readonly<Record<string, string>> };

/** What it is told. */
export type ToJob =
  | { kind: 'task'; task: Task; commit: string | null; setting: JobSetting }
  | { kind: 'stop' };

/** What it tells. Its last message is `done` or `failed`. */
export type FromJob =
  | { kind: 'event'; event: JobEvent }
  | { kind: 'done' }
  | { kind: 'failed'; error: PackedError };
