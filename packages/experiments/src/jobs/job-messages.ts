import type { BackendName, PackedError } from '@serial-oe/runtime/node';
import type { RunEvent, RunJob } from './job-types';

/** What the process of a run is told. */
export type ToRun =
  | { kind: 'job'; job: RunJob; backend: BackendName; commit: string | null }
  | { kind: 'stop' };

/** What it tells. Its last message is `done` or `failed`. */
export type FromRun =
  | { kind: 'event'; event: RunEvent }
  | { kind: 'done' }
  | { kind: 'failed'; error: PackedError };
