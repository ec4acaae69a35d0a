import {
  checkNumber,
  checkOptions,
  checkThreadCount,
  type OptionNames,
  POSITIVE_COUNT,
} from '@serial-oe/foundation';
import type { BackendName } from '@serial-oe/runtime/node';
import { Job as BullJob, DelayedError, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { Task } from '../jobs/job-messages';
import { doInProcess } from '../jobs/job-process';
import type { Job, JobEvent } from '../jobs/job-types';
import { backendName, featureThreadsOf, urlOf } from '../jobs/process-queue';
import type { ReportJob } from '../report-job';
import { connect } from './connect';
import { failureReasons } from './failure-reasons';
import { isDoneWithin } from './is-done-within';
import { type QueuedJob, queueName, readDescribed } from './queued-job';

export interface BullWorkerOptions {
  /** As the queue's. */
  connection: string;
  /** An ES module that exports `systems: readonly AsdSystem[]`: a URL, or a path. Each job's process imports it. */
  systemsModule: URL | string;
  /** tfjs backend that each process starts; null for systems that use none. Default 'wasm'. */
  backend?: BackendName | null | undefined;
  /** As the queue's; default 'serial-oe'. */
  name?: string | undefined;
  /** Jobs side by side, each in a process of its own; default 1. */
  concurrency?: number | undefined;
  /** A worker that gives no sign of life for so long has lost its jobs to others, ms; default 30,000. */
  lockMs?: number | undefined;
  onEvent?: ((event: BullWorkerEvent) => void) | undefined;
  /** Ends the worker: running jobs save their state and go back to the queue at once. */
  signal?: AbortSignal | undefined;
}

/** What a worker tells. */
export type BullWorkerEvent =
  | { kind: 'ready' }
  | { kind: 'job'; jobId: string; event: JobEvent }
  | { kind: 'finished'; jobId: string }
  | { kind: 'failed'; jobId: string; error: Error; isFinal: boolean }
  | { kind: 'returned'; jobId: string }
  | { kind: 'problem'; message: string };

const OPTIONS: OptionNames<BullWorkerOptions> = {
  ...{ connection: true, systemsModule: true, backend: true, name: true, concurrency: true },
  ...{ lockMs: true, onEvent: true, signal: true },
};
const LOCK_MS = 30_000;
/** Progress beside the ends of epochs is told so often at most. */
const PROGRESS_MS = 2000;
/** How often a job is asked whether it was given up. */
const CANCEL_MS = 2000;
/** Of `lockMs`: how long another process may have the folder of a job before the job makes room for others. It comes back after `lockMs`. */
const PATIENCE = 1 / 3;
/** How long a server may take to let go of a worker. */
const GRACE_MS = 5000;
/** What another attempt does not mend. */
const OF_THE_JOB: ReadonlySet<string> = new Set([
  ...['DataLeakError', 'DatasetError', 'ExperimentError', 'NotEnoughAnomaliesError', 'TrainingDataError'],
  ...['RangeError', 'TypeError'],
]);
/** A job may lose its worker so often: each loss costs an epoch at most. */
const MOST_LOSSES = 100;

/**
 * Does jobs of a {@link bullQueue} until `signal` aborts. A job is a process of its own, so that the worker's loop, which keeps the job's
 * lock, is never blocked; the process ends with a checkpoint when its worker dies.
 *
 * @throws TypeError or RangeError for options
 */
export async function runBullWorker(options: BullWorkerOptions): Promise<void> {
  const where = 'experiments.runBullWorker';
  checkOptions(where, options, OPTIONS);
  const { connection, backend = 'wasm', name = 'serial-oe', concurrency = 1, lockMs = LOCK_MS } = options;
  const { onEvent = () => {}, signal = new AbortController().signal } = options;
  checkThreadCount(`${where}: concurrency`, concurrency);
  checkNumber(`${where}: lockMs`, lockMs, POSITIVE_COUNT);
  const server = connect(where, connection);
  const doing = new JobsUnderWay(options, onEvent);
  const worker: Worker<QueuedJob> = new Worker<QueuedJob>(
    queueName(name, backendName(backend)),
    (job, token = ''): Promise<void> => doing.process(worker, job, token),
    {
      ...server.options,
      ...{ concurrency, lockDuration: lockMs, stalledInterval: Math.max(1000, lockMs / 2) },
      maxStalledCount: MOST_LOSSES,
    },
    server.factory as never,
  );
  worker.on('ready', () => onEvent({ kind: 'ready' }));
  worker.on('error', ({ message }) => onEvent({ kind: 'problem', message }));
  worker.on('lockRenewalFailed', (ids) => doing.lost(ids));
  if (!signal.aborted) {
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }
  await doing.handBack();
  server.giveUp();
  await closeWithin(GRACE_MS, worker);
}

/** A server that is away must not keep a worker that is told to end: its jobs are saved, and others get them once the lock is over. */
async function closeWithin(ms: number, worker: Worker<QueuedJob>): Promise<void> {
  if (!(await isDoneWithin(ms, worker.close()))) await isDoneWithin(ms, worker.close(true));
}

/** Why a job's process is stopped. */
type Reason = 'ending' | 'cancelled' | 'lost';

class JobsUnderWay {
  readonly #options: BullWorkerOptions;
  readonly #onEvent: (event: BullWorkerEvent) => void;
  readonly #lockMs: number;
  readonly #stops = new Map<string, (reason: Reason) => void>();
  readonly #working = new Set<Promise<void>>();
  #isEnding = false;

  constructor(options: BullWorkerOptions, onEvent: (event: BullWorkerEvent) => void) {
    this.#options = options;
    this.#lockMs = options.lockMs ?? LOCK_MS;
    this.#onEvent = onEvent;
  }

  /** Their processes save their state, and they go back to the queue; resolves once the processes have ended. */
  async handBack(): Promise<void> {
    this.#isEnding = true;
    for (const stop of this.#stops.values()) stop('ending');
    await Promise.allSettled(this.#working);
  }

  /** Others may do them by now. */
  lost(ids: readonly string[]): void {
    for (const id of ids) this.#stops.get(id)?.('lost');
  }

  async process(queue: Worker<QueuedJob>, job: BullJob<QueuedJob>, token: string): Promise<void> {
    const { id: jobId } = job.data;
    const stop = new AbortController();
    let reason: Reason | null = null;
    const stopFor = (why: Reason) => {
      reason ??= why;
      stop.abort();
    };
    this.#stops.set(job.id as string, stopFor);
    if (this.#isEnding) stopFor('ending');
    const watch = setInterval(
      () => void askWhetherCancelled(queue, job, () => stopFor('cancelled')),
      CANCEL_MS,
    );
    try {
      const working = this.#work(queue, job, stop.signal);
      this.#working.add(working);
      await working.finally(() => this.#working.delete(working));
      this.#onEvent({ kind: 'finished', jobId });
    } catch (error) {
      if ((reason as Reason | null) === 'ending') {
        await job.moveToWait(token);
        this.#onEvent({ kind: 'returned', jobId });
        throw new WaitingError();
      }
      if (isHeldByOther(error)) {
        // A run that waits for the same training, or another report: no attempt is lost by that.
        await job.moveToDelayed(Date.now() + this.#lockMs, token);
        this.#onEvent({ kind: 'returned', jobId });
        throw new DelayedError();
      }
      const isFinal = (reason as Reason | null) === 'cancelled' || isOfTheJob(error);
      this.#onEvent({ kind: 'failed', jobId, error: error as Error, isFinal });
      throw isFinal ? new UnrecoverableError((error as Error).message) : error;
    } finally {
      clearInterval(watch);
      this.#stops.delete(job.id as string);
    }
  }

  async #work(queue: Worker<QueuedJob>, job: BullJob<QueuedJob>, signal: AbortSignal): Promise<void> {
    const { systemsModule, backend = 'wasm', concurrency = 1 } = this.#options;
    const { id, commit } = job.data;
    const task = await taskOf(queue, job);
    let toldAt = 0;
    const tell = (event: JobEvent) => {
      this.#onEvent({ kind: 'job', jobId: id, event });
      const isEpoch = event.kind === 'training' && event.event.kind === 'epoch';
      if (!isEpoch && event.kind !== 'started' && performance.now() - toldAt < PROGRESS_MS) return;
      toldAt = performance.now();
      job.updateProgress(event).catch(() => {}); // the server is away: the next one tells more
    };
    tell({ kind: 'started' });
    const setting = { systemsModule: urlOf(systemsModule), backend, patienceMs: PATIENCE * this.#lockMs };
    const featureThreads = featureThreadsOf(concurrency);
    await doInProcess(task, { ...setting, featureThreads }, { commit, onEvent: tell, signal });
  }
}

async function taskOf(queue: Worker<QueuedJob>, job: BullJob<QueuedJob>): Promise<Task> {
  const { task } = job.data;
  if (task !== 'report') return { kind: 'job', job: await readDescribed<Job>(job.data), until: task };
  const report = await readDescribed<ReportJob>(job.data);
  return { kind: 'report', report, reasons: await failureReasons(queue, job, report) };
}

/** Whether another process has the folder, rather than that it cannot be written to. */
function isHeldByOther(error: unknown): boolean {
  const { name, cause } = error as Error;
  return name === 'FolderInUseError' && cause === undefined;
}

async function askWhetherCancelled(
  queue: Worker<QueuedJob>,
  job: BullJob<QueuedJob>,
  cancel: () => void,
): Promise<void> {
  try {
    const found = await BullJob.fromId<QueuedJob>(queue, job.id as string);
    if (found?.data.isCancelled) cancel();
  } catch {
    // The server is away.
  }
}

/** Whether another attempt would fail as this one did: wrong data, labels or usage. */
function isOfTheJob(error: unknown): boolean {
  return OF_THE_JOB.has((error as Error).name); // errors of another process have lost some of their classes
}
