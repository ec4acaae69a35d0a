import { createExtractor, type ExtractorOps, type WeightMap } from '@serial-oe/efficientnet-extractor';
import { CheckpointError, TrainingWorkerError } from '@serial-oe/runtime';
import type { ThreadBackend } from '@serial-oe/runtime/node';
import { RequestThread } from '@serial-oe/runtime/node';
import { meanLosses } from '../../training/mean-over-parts';
import { checkShares } from '../../training/memory-plan';
import { type BatchPart, shardBatch } from '../../training/shard-batch';
import { type EngineSetup, operationsName, type TrainingEngine } from '../../training/training-engine';
import { createSharedGroup } from './all-reduce';
import type { TrainingReady, TrainingRequest, TrainingResults, TrainingWorkerData } from './messages';

export interface ParallelEngineOptions {
  nWorkers: number;
  backend: ThreadBackend;
  /** Operations of the extractor that is taken at the end, undefined for pure tfjs; the threads use those of that name. */
  ops: ExtractorOps | undefined;
}

type TrainingThread = RequestThread<TrainingRequest, TrainingResults, TrainingReady>;

/**
 * Synchronous data parallel over worker threads, each with a backend, a replica of the network and of the optimizer.
 *
 * A batch is dealt out in equal shards. Each thread normalises its shard by the shard's own batch statistics, as
 * PyTorch's DistributedDataParallel does; gradients and running statistics are averaged over the threads at each step,
 * in a fixed order, so that replicas stay identical and a run can be repeated with the same number of threads. The
 * shards' losses are weighted so that their mean is the loss of the batch.
 *
 * @throws TrainingDataError where the shards would not be equal; TrainingWorkerError where a thread cannot start
 */
export async function createParallelEngine(
  setup: EngineSetup,
  { nWorkers, backend, ops }: ParallelEngineOptions,
): Promise<TrainingEngine> {
  checkShares(setup.config, nWorkers);
  const threads = Array.from({ length: nWorkers }, (_, rank) =>
    startThread({ setup, backend, operations: operationsName(ops), rank, nWorkers }),
  );
  const stopAll = () => Promise.all(threads.map((thread) => thread.stop()));
  /** The same request to every thread; where one fails the others are stopped, since they wait for it. */
  const ask = async <K extends TrainingRequest['kind']>(
    request: (rank: number) => Extract<TrainingRequest, { kind: K }>,
  ): Promise<TrainingResults[K][]> => {
    try {
      return await Promise.all(threads.map((thread, rank) => thread.ask<K>(request(rank))));
    } catch (error) {
      await stopAll();
      throw error;
    }
  };
  let learningRate = Number.NaN;
  try {
    const [ready] = await Promise.all(threads.map((thread) => thread.ready));
    const group = createSharedGroup(nWorkers, (ready as TrainingReady).nValues);
    const [joined] = await ask<'join'>(() => ({ kind: 'join', group }));
    learningRate = (joined as TrainingResults['join']).learningRate;
  } catch (error) {
    await stopAll();
    throw error;
  }
  return {
    nShards: nWorkers,
    get learningRate() {
      return learningRate;
    },
    async step(batch, options) {
      const { loss } = setup.config;
      const shards = shardBatch(batch, nWorkers, { loss, isMixed: options.isMixed });
      const results = await ask<'step'>((rank) => ({
        kind: 'step',
        batch: shards[rank] as BatchPart,
        options: { ...options, share: { index: rank, count: nWorkers } },
      }));
      learningRate = (results[0] as TrainingResults['step']).learningRate;
      return meanLosses(results.map(({ losses }) => losses));
    },
    evaluate: async (batch) => (threads[0] as TrainingThread).ask<'evaluate'>({ kind: 'evaluate', batch }),
    async memory() {
      const perThread = await ask<'memory'>(() => ({ kind: 'memory' }));
      return {
        nTensors: perThread.reduce((sum, { nTensors }) => sum + nTensors, 0),
        tensorBytes: perThread.reduce((sum, { tensorBytes }) => sum + tensorBytes, 0),
        heapBytes: perThread.reduce<number | null>(
          (largest, { heapBytes }) => (heapBytes === null ? largest : Math.max(largest ?? 0, heapBytes)),
          null,
        ),
      };
    },
    saveState: (position, fingerprint) =>
      (threads[0] as TrainingThread).ask<'save'>({ kind: 'save', position, fingerprint }),
    async restoreState(bytes, context) {
      const [restored] = await ask<'restore'>(() => ({ kind: 'restore', bytes, ...context })).catch(
        (cause) => {
          const isNamed = cause instanceof TrainingWorkerError || cause instanceof CheckpointError;
          throw isNamed ? cause : new CheckpointError(cause.message, { cause });
        },
      );
      const { position, learningRate: rate } = restored as TrainingResults['restore'];
      learningRate = rate;
      return position;
    },
    async keepWeights() {
      await (threads[0] as TrainingThread).ask<'keep'>({ kind: 'keep' }); // the replicas are the same
    },
    async takeExtractor() {
      const weights = await (threads[0] as TrainingThread).ask<'weights'>({ kind: 'weights' });
      return extractorOf(setup, weights, ops);
    },
    async close() {
      await stopAll();
    },
  };
}

function startThread(workerData: TrainingWorkerData): TrainingThread {
  return new RequestThread({
    file: new URL('./training-worker.js', import.meta.url),
    workerData,
    toError: (reason, cause) =>
      new TrainingWorkerError(
        `serial-oe.trainSerialOe: a training worker has died: ${reason}. The last checkpoint, if there is one, is intact: resume from it.`,
        { cause },
      ),
  });
}

function extractorOf({ config, inputShape }: EngineSetup, weights: WeightMap, ops: ExtractorOps | undefined) {
  const nMachineIds = weights.get('id_head.weight')?.shape[1] ?? 0;
  const { embeddingSize, dropoutRate } = config.network;
  const extractor = createExtractor({
    embeddingSize,
    dropoutRate,
    inputShape,
    nMachineIds,
    seed: config.seed,
    ...(ops === undefined ? {} : { ops }),
  });
  extractor.loadWeights(weights);
  return extractor;
}
