import { parentPort, workerData } from 'node:worker_threads';
import type { ExtractorOps } from '@serial-oe/efficientnet-extractor';
import { serveRequests, startThreadBackend } from '@serial-oe/runtime/node';
import { type NamedTensorMap, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { restoreCheckpoint, serializeCheckpoint } from '../checkpoint';
import { Trainer } from '../trainer';
import { tensorMemory } from '../training-engine';
import type { TrainedNetwork } from '../training-method';
import { AllReduce } from './all-reduce';
import type { TrainingReady, TrainingRequest, TrainingThreadData } from './messages';

/**
 * The thread's side of `ParallelEngine`, called once by the thread's own file.
 * @param createNetwork makes the network from the setup that the engine was given, on the operations of the same name as the
 *   main thread's; undefined for pure tfjs
 */
export function serveTrainingThread<Setup, Batch>(
  createNetwork: (setup: Setup, ops: ExtractorOps | undefined) => Promise<TrainedNetwork<Batch>>,
): void {
  const data = workerData as TrainingThreadData;
  serveRequests<TrainingThread<Batch>, TrainingRequest<Batch> & { id: number }>(parentPort, {
    async start() {
      const ops = await startThreadBackend(data.backend, data.operations);
      const trainer = new Trainer(await createNetwork(data.setup as Setup, ops), data.microBatchSize);
      const thread = new TrainingThread(trainer, data);
      return { state: thread, ready: { nValues: thread.nValues } satisfies TrainingReady };
    },
    answer: (thread, request) => thread.answer(request),
  });
}

class TrainingThread<Batch> {
  readonly #trainer: Trainer<Batch>;
  readonly #data: TrainingThreadData;
  #reduce: AllReduce | null = null;

  constructor(trainer: Trainer<Batch>, data: TrainingThreadData) {
    this.#trainer = trainer;
    this.#data = data;
  }

  /** Values that it averages with the other threads. */
  get nValues(): number {
    const { variables, stateVariables } = this.#trainer.network;
    return [...variables, ...stateVariables].reduce((sum, { size }) => sum + size, 0);
  }

  async answer(request: TrainingRequest<Batch>): Promise<unknown> {
    const trainer = this.#trainer;
    switch (request.kind) {
      case 'join':
        this.#reduce = new AllReduce(request.group, this.#data.rank);
        return { learningRate: trainer.learningRate };
      case 'step': {
        const losses = await trainer.step(request.batch, request.options, (gradients) =>
          this.#average(gradients),
        );
        return { losses, learningRate: trainer.learningRate };
      }
      case 'evaluate':
        return trainer.evaluate(request.batch);
      case 'save':
        return serializeCheckpoint(trainer, request.position, request.fingerprint);
      case 'restore': {
        const position = restoreCheckpoint(trainer, request.bytes, request);
        if (this.#data.rank > 0) trainer.keptWeights = null; // the first thread's are asked for
        return { position, learningRate: trainer.learningRate };
      }
      case 'isFinite':
        return trainer.isFinite();
      case 'memory':
        return tensorMemory();
      case 'keep':
        await trainer.keepWeights();
        return null;
      case 'weights':
        return trainer.takeWeights();
    }
  }

  /**
   * Replaces the gradients by their mean over the threads, and the running statistics by theirs. A variable without a
   * gradient has none in any thread, because all run the same graph.
   */
  async #average(gradients: NamedTensorMap): Promise<NamedTensorMap> {
    if (this.#reduce === null)
      throw new Error('training: a training thread must join its group before the first step.');
    await this.#contribute(gradients, this.#reduce.contribution);
    if (this.#data.nThreads > 1) this.#reduce.average();
    return this.#spread(gradients, this.#reduce.mean);
  }

  /** Gradients and statistics in a row. */
  async #contribute(gradients: NamedTensorMap, contribution: Float32Array): Promise<void> {
    const { variables, stateVariables } = this.#trainer.network;
    let offset = 0;
    for (const { name, size } of variables) {
      const gradient = gradients[name];
      if (gradient) contribution.set(await gradient.data(), offset);
      else contribution.fill(0, offset, offset + size);
      offset += size;
    }
    for (const statistic of stateVariables) {
      contribution.set(await statistic.data(), offset);
      offset += statistic.size;
    }
  }

  #spread(gradients: NamedTensorMap, mean: Float32Array): NamedTensorMap {
    const { variables, stateVariables } = this.#trainer.network;
    return tidy(() => {
      const averaged: NamedTensorMap = {};
      let start = 0;
      const next = ({ size, shape }: Tensor) => {
        const values = mean.slice(start, start + size);
        start += size;
        return tensor(values, shape, 'float32');
      };
      for (const variable of variables) {
        const value = next(variable);
        if (gradients[variable.name]) averaged[variable.name] = value;
      }
      for (const statistic of stateVariables) statistic.assign(next(statistic));
      return averaged;
    });
  }
}
