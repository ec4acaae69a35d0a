import { Worker } from 'node:worker_threads';
import type { Clip } from '@serial-oe/datasets';
import type { Spectrograms } from '@serial-oe/runtime';
import { type PackedError, unpackError } from '@serial-oe/runtime/node';
import type { FeatureSource, FeatureSourceSetup } from '../features/feature-source';
import type { BatchPlan } from '../training/batch-plan';
import type { PreparedBatch } from '../training/prepare-batch';

/** What a worker is asked for. */
export type WorkerRequest = { id: number } & ({ plan: BatchPlan } | { clip: number });
/** What it answers. */
export type WorkerReply = { id: number } & (
  | { result: PreparedBatch | Spectrograms }
  | { error: PackedError }
);

interface Waiting {
  resolve: (result: PreparedBatch | Spectrograms) => void;
  reject: (error: Error) => void;
  worker: Worker;
}

/**
 * Spectrograms from worker threads, request by request in turn. A worker that dies fails its open requests and all
 * later ones; nothing waits for ever.
 */
export function createFeatureWorkers(setup: FeatureSourceSetup, nWorkers: number): FeatureSource {
  const shared = { ...setup, clips: setup.clips.map(shareWaveform) };
  const waiting = new Map<number, Waiting>();
  let failure: Error | null = null;
  let nextId = 0;
  const workers = Array.from({ length: nWorkers }, () => {
    const worker = new Worker(new URL('./feature-worker.js', import.meta.url), { workerData: shared });
    worker.on('message', (reply: WorkerReply) => settle(reply));
    worker.on('error', (error) => fail(worker, error));
    worker.on('exit', (code) => {
      if (code !== 0) fail(worker, new Error(`exit code ${code}`));
    });
    return worker;
  });

  function settle(reply: WorkerReply): void {
    const open = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('error' in reply) open?.reject(unpackError(reply.error));
    else open?.resolve(reply.result);
  }

  function fail(worker: Worker, cause: Error): void {
    failure = new Error(`serial-oe: a worker that computes spectrograms has died: ${cause.message}`, {
      cause,
    });
    for (const [id, open] of waiting) {
      if (open.worker !== worker) continue;
      waiting.delete(id);
      open.reject(failure);
    }
  }

  function request<T extends PreparedBatch | Spectrograms>(
    task: { plan: BatchPlan } | { clip: number },
  ): Promise<T> {
    if (failure) return Promise.reject(failure);
    const id = nextId++;
    const worker = workers[id % workers.length] as Worker;
    return new Promise<T>((resolve, reject) => {
      waiting.set(id, { resolve: resolve as Waiting['resolve'], reject, worker });
      worker.postMessage({ id, ...task } satisfies WorkerRequest);
    });
  }

  return {
    trainingBatch: (plan) => request<PreparedBatch>({ plan }),
    clipSpectrograms: (clip) => request<Spectrograms>({ clip }),
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** The clip with its samples in memory that threads share, so that no thread copies them. */
function shareWaveform(clip: Clip): Clip {
  if (clip.waveform === undefined) return clip;
  const shared = new Float32Array(new SharedArrayBuffer(clip.waveform.byteLength));
  shared.set(clip.waveform);
  return { ...clip, waveform: shared };
}
