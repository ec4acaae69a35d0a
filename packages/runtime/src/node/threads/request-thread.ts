import { Worker } from 'node:worker_threads';
import { type PackedError, unpackError } from './thread-errors';

/** What a thread answers to the request of that id. Its first message has the id {@link READY_ID}. */
export type Reply = { id: number } & ({ result: unknown } | { error: PackedError });

export const READY_ID = -1;

interface Waiting {
  resolve: (result: never) => void;
  reject: (error: Error) => void;
}

export interface RequestThreadOptions {
  /** The worker's file, which calls `serveRequests`. */
  file: URL;
  workerData: unknown;
  /** The error of everything that is asked of a thread that has died. */
  toError: (reason: string, cause: Error | undefined) => Error;
}

/**
 * A worker thread and what it was asked. A thread that dies fails everything it was asked and will be; nothing waits for
 * ever. `Requests` are told apart by their `kind`, and `Results` holds what comes back for each.
 */
export class RequestThread<
  Requests extends { kind: string },
  Results extends Record<string, unknown>,
  Ready,
> {
  /** Resolves to what the thread says once it has started. */
  readonly ready: Promise<Ready>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 0;
  #failure: Error | null = null;

  constructor({ file, workerData, toError }: RequestThreadOptions) {
    this.#worker = new Worker(file, { workerData });
    this.ready = new Promise((resolve, reject) => {
      this.#waiting.set(READY_ID, { resolve, reject });
    });
    this.ready.catch(() => {}); // the owner awaits it
    this.#worker.on('message', (reply: Reply) => {
      const open = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if ('error' in reply) open?.reject(unpackError(reply.error));
      else open?.resolve(reply.result as never);
    });
    const fail = (reason: string, cause?: Error) => this.#fail(toError(reason, cause));
    this.#worker.on('error', (error) => fail(error.message, error));
    this.#worker.on('messageerror', (error) => fail(error.message, error));
    this.#worker.on('exit', (code) => fail(`exit code ${code}`));
  }

  /** Requests that have no answer yet. */
  get nWaiting(): number {
    return this.#waiting.size;
  }

  ask<K extends Requests['kind']>(request: Extract<Requests, { kind: K }>): Promise<Results[K]> {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = this.#nextId++;
    return new Promise<Results[K]>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      this.#worker.postMessage({ ...request, id });
    });
  }

  /** Ends the thread, whatever it does. */
  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}
