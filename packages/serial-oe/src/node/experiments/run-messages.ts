import type { RunEvent, RunJob } from '../../experiments/run-types';
import type { PackedError } from '../parallel/thread-errors';
import type { BackendName } from '../start-backend';

/** What the process of a run is told. */
export type ToRun =
  | { kind: 'job'; job: RunJob; backend: BackendName; commit: string | null }
  | { kind: 'stop' };

/** What it tells. Its last message is `done` or `failed`. */
export type FromRun =
  | { kind: 'event'; event: RunEvent }
  | { kind: 'done' }
  | { kind: 'failed'; error: PackedError };
