import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import { checkOptions, checkThreadCount, type OptionNames } from '@serial-oe/foundation';
import type { BackendName } from '@serial-oe/runtime/node';
import { doInProcess } from './job-process';
import type { JobQueue } from './job-queue';
import { jobStopped } from './job-stopped';

export interface ProcessQueueOptions {
  /** An ES module that exports `systems: readonly AsdSystem[]`: a URL, or a path. Each process imports it. */
  systemsModule: URL | string;
  /** Processes side by side. Default 1. */
  workers?: number | undefined;
  /** tfjs backend that each process starts; null for systems that use none. Default 'wasm'. */
  backend?: BackendName | null | undefined;
}

/** The process of a job whose experiment was killed saves its state and ends; it takes that long at most. */
const PREDECESSOR_MS = 120_000;

const OPTIONS: OptionNames<ProcessQueueOptions> = { systemsModule: true, workers: true, backend: true };

/**
 * Does each job in a process of its own: a fresh heap for each, and one that dies takes no other along.
 * @throws TypeError for an unknown option; RangeError for a number of workers that is no whole number of at least 1
 * @example
 * const queue = processQueue({ workers: 2, systemsModule: new URL('./systems.js', import.meta.url) });
 */
export function processQueue(options: ProcessQueueOptions): JobQueue {
  checkOptions('experiments.processQueue', options, OPTIONS);
  const { systemsModule, workers = 1, backend = 'wasm' } = options;
  checkThreadCount('experiments.processQueue: workers', workers);
  const setting = {
    systemsModule: urlOf(systemsModule),
    backend,
    featureThreads: featureThreadsOf(workers),
    patienceMs: PREDECESSOR_MS,
  };
  let nFree = workers;
  const waiting: (() => void)[] = [];
  return {
    backend: backendName(backend),
    async add(job, options) {
      if (nFree === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      else nFree--;
      try {
        if (options.signal?.aborted) throw jobStopped(job.id);
        options.onEvent({ kind: 'started' });
        await doInProcess({ kind: 'job', job, until: 'end' }, setting, options);
      } finally {
        const next = waiting.shift(); // it takes the place of this one
        if (next === undefined) nFree++;
        else next();
      }
    },
  };
}

/** As a job's name holds it. */
export function backendName(backend: BackendName | null): string {
  return backend ?? 'none';
}

/** Beside so many processes that train. */
export function featureThreadsOf(workers: number): number {
  return workers < availableParallelism() ? 1 : 0;
}

export function urlOf(module: URL | string): string {
  if (module instanceof URL) return module.href;
  return /^[a-z]{2,}:/i.test(module) ? module : pathToFileURL(module).href;
}
