import type { Worker } from 'node:worker_threads';

/** The threads that are started from now on, in their order; those that have ended stay in the list, with the id -1. */
export function startedThreads(): Worker[] {
  const started: Worker[] = [];
  process.on('worker', (worker: Worker) => started.push(worker)); // told in the next tick
  return started;
}
