import { checkNumber, checkOptions, type OptionNames, POSITIVE_COUNT } from '@serial-oe/foundation';
import { RequestThread } from '@serial-oe/runtime/node';
import type { FeatureSource } from '../features/feature-source';

export type FeatureRequest<Plan> = { kind: 'prepare'; plan: Plan } | { kind: 'clip'; index: number };
type FeatureResults<Batch, Features> = { prepare: Batch; clip: Features };

export interface FeatureThreadsOptions {
  /** The thread's file, which calls `serveFeatureThread`. */
  file: URL;
  /** What the source is made from; sent to each thread. */
  setup: unknown;
  nThreads: number;
}

const OPTIONS: OptionNames<FeatureThreadsOptions> = { file: true, setup: true, nThreads: true };

/** Features from worker threads, request by request in turn. Where a thread dies all that it was asked fails, and nothing waits for ever. */
export function createFeatureThreads<Plan, Batch, Features>(
  options: FeatureThreadsOptions,
): FeatureSource<Plan, Batch, Features> {
  checkOptions('training.createFeatureThreads', options, OPTIONS);
  const { file, setup, nThreads } = options;
  checkNumber('training.createFeatureThreads: nThreads', nThreads, POSITIVE_COUNT);
  type Thread = RequestThread<FeatureRequest<Plan>, FeatureResults<Batch, Features>, null>;
  const threads = Array.from(
    { length: nThreads },
    (): Thread => new RequestThread({ file, workerData: setup, toError: threadDied }),
  );
  let nAsked = 0;
  const next = (): Thread => threads[nAsked++ % nThreads]!;
  return {
    prepare: (plan) => next().ask<'prepare'>({ kind: 'prepare', plan }),
    clipFeatures: (index) => next().ask<'clip'>({ kind: 'clip', index }),
    async close() {
      await Promise.all(threads.map((thread) => thread.stop()));
    },
  };
}

function threadDied(reason: string, cause: Error | undefined): Error {
  return new Error(`training: a worker that computes spectrograms has died: ${reason}`, { cause });
}
