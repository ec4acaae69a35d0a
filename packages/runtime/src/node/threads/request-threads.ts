import { RequestThread, type RequestThreadOptions } from './request-thread';

/** Threads of one kind; what is asked goes to the one that has the least to do. */
export interface RequestThreads<Requests extends { kind: string }, Results extends Record<string, unknown>> {
  /** @throws what the thread's handler throws; the error of `toError` where the thread has died */
  ask<K extends Requests['kind']>(request: Extract<Requests, { kind: K }>): Promise<Results[K]>;
  /** Ends the threads, whatever they do. */
  close(): Promise<void>;
}

/**
 * Resolves once all threads have started; where one cannot, none is left.
 *
 * @param nThreads at least 1
 * @throws what a thread throws at its start; the error of `toError` where it dies before it has started
 */
export async function startRequestThreads<
  Requests extends { kind: string },
  Results extends Record<string, unknown>,
>(options: RequestThreadOptions, nThreads: number): Promise<RequestThreads<Requests, Results>> {
  const threads = Array.from({ length: nThreads }, () => new RequestThread<Requests, Results, null>(options));
  const close = async () => {
    await Promise.all(threads.map((thread) => thread.stop()));
  };
  try {
    await Promise.all(threads.map((thread) => thread.ready));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ask: (request) =>
      threads.reduce((least, thread) => (thread.nWaiting < least.nWaiting ? thread : least)).ask(request),
    close,
  };
}
