import { parentPort, workerData } from 'node:worker_threads';
import { serveRequests, startThreadBackend } from '@serial-oe/runtime/node';
import { type NamedTensorMap, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { restoreCheckpoint, serializeCheckpoint } from '../../training/checkpoint';
import type { Trainer } from '../../training/trainer';
import { createTrainer, tensorMemory } from '../../training/training-engine';
import { AllReduce } from './all-reduce';
import type { TrainingReady, TrainingRequest, TrainingWorkerData } from './messages';

const { setup, backend, operations, rank, nWorkers } = workerData as TrainingWorkerData;

let reduce: AllReduce | null = null;

serveRequests(parentPort, start, answer);

async function start(): Promise<{ state: Trainer; ready: TrainingReady }> {
  const trainer = await createTrainer(setup, await startThreadBackend(backend, operations));
  return {
    state: trainer,
    ready: { nValues: sizeOf(trainer.variables) + sizeOf(trainer.stateVariables) },
  };
}

function sizeOf(tensors: readonly Tensor[]): number {
  return tensors.reduce((sum, { size }) => sum + size, 0);
}

async function answer(trainer: Trainer, request: TrainingRequest & { id: number }) {
  const { optimizer } = trainer;
  switch (request.kind) {
    case 'join':
      reduce = new AllReduce(request.group, rank);
      return { learningRate: optimizer.learningRate };
    case 'step': {
      const losses = await trainer.step(request.batch, request.options, (gradients) =>
        averageOverWorkers(trainer, gradients),
      );
      return { losses, learningRate: optimizer.learningRate };
    }
    case 'evaluate':
      return trainer.evaluate(request.batch);
    case 'save':
      return serializeCheckpoint(trainer, request.position, request.fingerprint);
    case 'restore': {
      const position = restoreCheckpoint(trainer, request.bytes, request);
      if (rank > 0) trainer.keptWeights = null; // the first thread's are asked for
      return { position, learningRate: optimizer.learningRate };
    }
    case 'memory':
      return tensorMemory();
    case 'keep':
      await trainer.keepWeights();
      return null;
    case 'weights':
      return trainer.keptWeights ?? trainer.extractor.toWeightsAsync();
  }
}

/**
 * Replaces the gradients by their mean over the workers, and the running statistics by theirs. A variable without a
 * gradient has none in any worker, because all run the same graph.
 */
async function averageOverWorkers(trainer: Trainer, gradients: NamedTensorMap): Promise<NamedTensorMap> {
  if (reduce === null)
    throw new Error('serial-oe: a training worker must join its group before the first step.');
  const { contribution, mean } = reduce;
  /** Averaged with the gradients, so that all replicas stay the same. */
  const statistics = trainer.stateVariables;
  let offset = 0;
  for (const { name, size } of trainer.variables) {
    const gradient = gradients[name];
    if (gradient) contribution.set(await gradient.data(), offset);
    else contribution.fill(0, offset, offset + size);
    offset += size;
  }
  for (const statistic of statistics) {
    contribution.set(await statistic.data(), offset);
    offset += statistic.size;
  }
  if (nWorkers > 1) reduce.average();
  return tidy(() => {
    const averaged: NamedTensorMap = {};
    let start = 0;
    const next = ({ size, shape }: Tensor) => {
      const values = mean.slice(start, start + size);
      start += size;
      return tensor(values, shape, 'float32');
    };
    for (const variable of trainer.variables) {
      const value = next(variable);
      if (gradients[variable.name]) averaged[variable.name] = value;
    }
    for (const statistic of statistics) statistic.assign(next(statistic));
    return averaged;
  });
}
