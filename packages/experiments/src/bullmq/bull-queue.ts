import { setTimeout as sleep } from 'node:timers/promises';
import { checkNumber, checkOptions, type OptionNames, POSITIVE_COUNT } from '@serial-oe/foundation';
import { FlowProducer, type JobState, Queue, QueueEvents } from 'bullmq';
import { ExperimentError } from '../jobs/experiment-error';
import type { JobOptions, JobQueue } from '../jobs/job-queue';
import { jobStopped } from '../jobs/job-stopped';
import type { Job } from '../jobs/job-types';
import { connect } from './connect';
import { type Flow, flowTree } from './flow';
import { isDoneWithin } from './is-done-within';
import {
  describeJob,
  type QueuedJob,
  type QueuedProgress,
  queuedId,
  queuedReportId,
  queueName,
} from './queued-job';

export interface BullQueueOptions {
  /** `redis://host:6379` (also `rediss://`, `valkey://`), or `postgres://user@host/database`. */
  connection: string;
  /** What the workers compute with, as `backend` of theirs; default 'wasm'. */
  backend?: string | undefined;
  /** Of the queue on the server, for several that share one; default 'serial-oe'. */
  name?: string | undefined;
  /** How often a job that failed is tried, with growing pauses; default 3. Wrong data or usage is tried once. */
  attempts?: number | undefined;
  /** Pause before the second attempt, doubled before each further one, ms; default 5000. */
  backOffMs?: number | undefined;
  /** How often the state of jobs is asked for beside the server's own events, ms; default 5000. */
  pollMs?: number | undefined;
  /** Told once when the server is away, and again when the reason changes. */
  onProblem?: ((message: string) => void) | undefined;
}

/** A queue on a server, whose jobs {@link runBullWorker} does on any number of machines. */
export interface BullQueue extends JobQueue {
  /**
   * Adds jobs and the report over them, all or none, and does not wait: {@link queueExperiments} is what calls it.
   * @returns false where the same report is under way, so that nothing was added
   */
  addFlow(flow: Flow): Promise<boolean>;
  /** Lets go of the connections; jobs that are there stay. */
  close(): Promise<void>;
}

const OPTIONS: OptionNames<BullQueueOptions> = {
  ...{ connection: true, backend: true, name: true, attempts: true, backOffMs: true, pollMs: true },
  onProblem: true,
};
const DAY_SECONDS = 86_400;
const FINISHED: readonly (JobState | 'unknown')[] = ['completed', 'failed'];
/** How long a server may take where nobody wants to wait any more. */
const GRACE_MS = 3000;
/** Jobs whose state is asked for at once. */
const POLLED_AT_ONCE = 20;

/**
 * A queue on a server, with workers on as many machines as one likes. Data and results lie on a folder that all see at the same path; the
 * server keeps little but names. A job that the server has forgotten (a restart without its data) is added again; one whose worker dies
 * goes to another, which goes on from the last checkpoint.
 *
 * @throws TypeError or RangeError for options
 */
export function bullQueue(options: BullQueueOptions): BullQueue {
  const where = 'experiments.bullQueue';
  checkOptions(where, options, OPTIONS);
  const { connection, backend = 'wasm', name = 'serial-oe', attempts = 3 } = options;
  const { backOffMs = 5000, pollMs = 5000 } = options;
  for (const [field, value] of Object.entries({ attempts, backOffMs, pollMs }))
    checkNumber(`${where}: ${field}`, value, POSITIVE_COUNT);
  const server = connect(where, connection);
  const full = queueName(name, backend);
  const queue: Queue<QueuedJob> = new Queue(full, server.options, server.factory as never);
  const events = new QueueEvents(full, server.options, server.factory as never);
  // Both try again by themselves; without a listener an error would end the process.
  const { onProblem = () => {} } = options;
  let last = '';
  const onError = ({ message }: Error) => {
    if (message !== last) onProblem(`the queue's server does not answer: ${message}`);
    last = message;
  };
  queue.on('error', onError);
  events.on('error', onError);
  let flows: FlowProducer | null = null; // a connection that few need
  const waiting = new Waiting({ queue, events, pollMs });
  const settings = {
    ...{ attempts, backoff: { type: 'exponential', delay: backOffMs } },
    ...{ removeOnComplete: { age: DAY_SECONDS }, removeOnFail: { age: 7 * DAY_SECONDS } },
  };
  return {
    backend,
    async add(job, jobOptions) {
      if (jobOptions.signal?.aborted) throw jobStopped(job.id);
      const described = await describeJob(job, jobOptions.commit);
      const jobId = queuedId(job);
      const enqueue = async () => {
        const found = await queue.getJob(jobId);
        if (found !== undefined && FINISHED.includes(await found.getState())) await found.remove();
        await queue.add('job', described, { jobId, ...settings });
      };
      await waiting.until(jobId, { job, enqueue, ...jobOptions });
    },
    async addFlow(flow) {
      const found = await queue.getJob(queuedReportId(flow.report));
      if (found !== undefined) {
        if (!FINISHED.includes(await found.getState())) return false;
        await found.remove(); // with its trainings, of which the finished ones stand in the folder
      }
      const tree = await flowTree(flow, { queueName: full, settings });
      if (flows === null) {
        flows = new FlowProducer(server.options, server.factory as never);
        flows.on('error', onError);
      }
      await flows.add(tree);
      return true;
    },
    async close() {
      waiting.stop();
      server.giveUp();
      const isClosed = await isDoneWithin(
        GRACE_MS,
        Promise.all([queue.close(), events.close(), flows?.close()]),
      );
      const disconnect = () => Promise.all([queue, events, flows].map((each) => each?.disconnect()));
      if (!isClosed) await isDoneWithin(GRACE_MS, disconnect());
    },
  };
}

interface Waiter {
  job: Job;
  enqueue: () => Promise<void>;
  onEvent: JobOptions['onEvent'];
  signal: AbortSignal | undefined;
  resolve: () => void;
  reject: (error: Error) => void;
}

/** Waits for jobs by the server's events, and by asking now and then: events of a server that was away are lost. */
class Waiting {
  readonly #queue: Queue<QueuedJob>;
  readonly #waiters = new Map<string, Waiter>();
  readonly #timer: NodeJS.Timeout;
  #isAsking = false;

  constructor({ queue, events, pollMs }: { queue: Queue<QueuedJob>; events: QueueEvents; pollMs: number }) {
    this.#queue = queue;
    events.on('completed', ({ jobId }) => this.#finish(jobId, null));
    events.on('failed', ({ jobId }) => void this.#ask(jobId));
    events.on('progress', ({ jobId, data }) => {
      this.#waiters.get(jobId)?.onEvent(data as unknown as QueuedProgress);
    });
    this.#timer = setInterval(() => void this.#askAll(), pollMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async until(jobId: string, waiter: Omit<Waiter, 'resolve' | 'reject'>): Promise<void> {
    const { signal, job } = waiter;
    const done = new Promise<void>((resolve, reject) => {
      this.#waiters.set(jobId, { ...waiter, resolve, reject });
    });
    const stop = () => void this.#cancel(jobId);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      // Where the server is away this waits for it, unless it is given up.
      await Promise.race([waiter.enqueue(), done]);
      await done;
    } catch (error) {
      throw signal?.aborted ? jobStopped(job.id, error) : error;
    } finally {
      this.#waiters.delete(jobId);
      signal?.removeEventListener('abort', stop);
    }
  }

  #finish(jobId: string, error: Error | null): void {
    const waiter = this.#waiters.get(jobId);
    if (error === null) waiter?.resolve();
    else waiter?.reject(error);
  }

  async #askAll(): Promise<void> {
    if (this.#isAsking) return; // the server is away
    this.#isAsking = true;
    try {
      const ids = [...this.#waiters.keys()];
      for (let i = 0; i < ids.length; i += POLLED_AT_ONCE)
        await Promise.all(ids.slice(i, i + POLLED_AT_ONCE).map((id) => this.#ask(id)));
    } finally {
      this.#isAsking = false;
    }
  }

  async #ask(jobId: string): Promise<void> {
    const waiter = this.#waiters.get(jobId);
    if (waiter === undefined) return;
    try {
      const found = await this.#queue.getJob(jobId);
      const state = found === undefined ? 'unknown' : await found.getState();
      if (state === 'completed') this.#finish(jobId, null);
      else if (state === 'failed')
        this.#finish(jobId, new ExperimentError(found?.failedReason ?? 'the job failed'));
      else if (state === 'unknown' && !waiter.signal?.aborted) await waiter.enqueue();
    } catch {
      // A server that is away is asked again.
    }
  }

  /** A job that waits leaves the queue; one that is done somewhere is stopped there, with a checkpoint. */
  async #cancel(jobId: string): Promise<void> {
    const waiter = this.#waiters.get(jobId);
    if (waiter === undefined) return;
    const asked = this.#takeBack(jobId).catch(() => false); // it has become active just now: what is done of it stands in its folder
    const isStopping = await Promise.race([asked, sleep(GRACE_MS).then(() => false)]); // nor does a server that is away keep anybody
    if (!isStopping) waiter.reject(jobStopped(waiter.job.id));
  }

  /** Whether somebody does the job, and will tell when it has stopped. */
  async #takeBack(jobId: string): Promise<boolean> {
    const found = await this.#queue.getJob(jobId);
    if (found !== undefined && (await found.getState()) === 'active') {
      await found.updateData({ ...found.data, isCancelled: true });
      return true;
    }
    await found?.remove();
    return false;
  }
}
