import { checkNumber, checkOptions, type OptionNames, POSITIVE_COUNT } from '@serial-oe/foundation';
import { CheckpointError, TrainingWorkerError } from '@serial-oe/runtime';
import { RequestThread, type ThreadBackend } from '@serial-oe/runtime/node';
import type { WeightMap } from '@serial-oe/safetensors';
import type { TrainingPosition } from '../checkpoint';
import { type Losses, meanLosses } from '../losses';
import type { StepOptions } from '../trainer';
import type { CheckpointContext, TensorMemory, TrainingEngine } from '../training-engine';
import { createSharedGroup } from './all-reduce';
import type { TrainingReady, TrainingRequest, TrainingResults, TrainingThreadData } from './messages';

export interface ParallelEngineOptions<Batch> {
  /** The thread's file, which calls `serveTrainingThread`. */
  file: URL;
  /** What each thread makes its network from; plain data. */
  setup: unknown;
  /** Deals a batch out in equal parts, of which the mean of the losses is the loss of the batch. */
  split: (batch: Batch, nParts: number) => Batch[];
  nThreads: number;
  backend: ThreadBackend;
  /** Name of the operations of the networks; the threads use those of that name. */
  operations: string;
  /** Samples that pass through the network at once, on each thread. */
  microBatchSize: number;
}

const OPTIONS: OptionNames<ParallelEngineOptions<never>> = {
  file: true,
  setup: true,
  split: true,
  nThreads: true,
  backend: true,
  operations: true,
  microBatchSize: true,
};

type TrainingThread<Batch> = RequestThread<TrainingRequest<Batch>, TrainingResults, TrainingReady>;
type Request<Batch, K> = Extract<TrainingRequest<Batch>, { kind: K }>;

/**
 * Synchronous data parallel over worker threads, each with a backend, a replica of the network and of the optimizer.
 *
 * A batch is dealt out in equal shares. Each thread normalises its share by the share's own batch statistics, as
 * PyTorch's DistributedDataParallel does; gradients and running statistics are averaged over the threads at each step,
 * in a fixed order, so that replicas stay identical and a run can be repeated with the same number of threads.
 */
export class ParallelEngine<Batch> implements TrainingEngine<Batch> {
  readonly #threads: readonly TrainingThread<Batch>[];
  readonly #split: ParallelEngineOptions<Batch>['split'];
  #learningRate = Number.NaN;

  /** @throws TrainingWorkerError where a thread cannot start; TypeError or RangeError for options */
  static async start<Batch>(options: ParallelEngineOptions<Batch>): Promise<ParallelEngine<Batch>> {
    checkOptions('training.ParallelEngine.start', options, OPTIONS);
    checkNumber('training.ParallelEngine.start: nThreads', options.nThreads, POSITIVE_COUNT);
    const engine = new ParallelEngine(options);
    await engine.#join();
    return engine;
  }

  private constructor({ file, split, nThreads, ...shared }: ParallelEngineOptions<Batch>) {
    this.#split = split;
    this.#threads = Array.from({ length: nThreads }, (_, rank) => {
      const workerData: TrainingThreadData = { ...shared, rank, nThreads };
      return new RequestThread({ file, workerData, toError: threadDied });
    });
  }

  get learningRate(): number {
    return this.#learningRate;
  }

  async step(batch: Batch, options: StepOptions): Promise<Losses> {
    const count = this.#threads.length;
    const shares = this.#split(batch, count);
    const results = await this.#askAll<'step'>((index) => ({
      kind: 'step',
      batch: shares[index] as Batch,
      options: { ...options, share: { index, count } },
    }));
    this.#learningRate = results[0]!.learningRate;
    return meanLosses(results.map(({ losses }) => losses));
  }

  evaluate(batch: Batch): Promise<Losses> {
    return this.#first.ask<'evaluate'>({ kind: 'evaluate', batch } as Request<Batch, 'evaluate'>);
  }

  async memory(): Promise<TensorMemory> {
    const perThread = await this.#askAll<'memory'>(() => ({ kind: 'memory' }));
    const sum = (of: (memory: TensorMemory) => number) =>
      perThread.reduce((total, each) => total + of(each), 0);
    const heaps = perThread.map(({ heapBytes }) => heapBytes).filter((bytes) => bytes !== null);
    return {
      nTensors: sum(({ nTensors }) => nTensors),
      tensorBytes: sum(({ tensorBytes }) => tensorBytes),
      heapBytes: heaps.length === 0 ? null : Math.max(...heaps),
    };
  }

  saveState(position: TrainingPosition, fingerprint: Record<string, string>): Promise<Uint8Array> {
    return this.#first.ask<'save'>({ kind: 'save', position, fingerprint } as Request<Batch, 'save'>);
  }

  async restoreState(bytes: Uint8Array, context: CheckpointContext): Promise<TrainingPosition> {
    try {
      const [restored] = await this.#askAll<'restore'>(() => ({ kind: 'restore', bytes, ...context }));
      this.#learningRate = restored!.learningRate;
      return restored!.position;
    } catch (cause) {
      if (cause instanceof TrainingWorkerError || cause instanceof CheckpointError) throw cause;
      throw new CheckpointError((cause as Error).message, { cause });
    }
  }

  isFinite(): Promise<boolean> {
    return this.#first.ask<'isFinite'>({ kind: 'isFinite' } as Request<Batch, 'isFinite'>);
  }

  async keepWeights(): Promise<void> {
    await this.#first.ask<'keep'>({ kind: 'keep' } as Request<Batch, 'keep'>); // the replicas are the same
  }

  takeWeights(): Promise<WeightMap> {
    return this.#first.ask<'weights'>({ kind: 'weights' } as Request<Batch, 'weights'>);
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.stop()));
  }

  get #first(): TrainingThread<Batch> {
    return this.#threads[0]!;
  }

  /** The threads find each other, over memory for all that they average. */
  async #join(): Promise<void> {
    try {
      const [ready] = await Promise.all(this.#threads.map((thread) => thread.ready));
      const group = createSharedGroup(this.#threads.length, ready!.nValues);
      const [joined] = await this.#askAll<'join'>(() => ({ kind: 'join', group }));
      this.#learningRate = joined!.learningRate;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** A request to every thread; where one fails the others are stopped, since they wait for it. */
  async #askAll<K extends TrainingRequest['kind']>(
    request: (rank: number) => Request<Batch, K>,
  ): Promise<TrainingResults[K][]> {
    try {
      return await Promise.all(this.#threads.map((thread, rank) => thread.ask<K>(request(rank))));
    } catch (error) {
      await this.close();
      throw error;
    }
  }
}

function threadDied(reason: string, cause: Error | undefined): TrainingWorkerError {
  return new TrainingWorkerError(
    `training: a training worker has died: ${reason}. The last checkpoint, if there is one, is intact: resume from it.`,
    { cause },
  );
}
