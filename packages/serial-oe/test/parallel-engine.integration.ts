import type { Worker } from 'node:worker_threads';
import '@tensorflow/tfjs-backend-wasm';
import { TrainingWorkerError } from '@serial-oe/serial-oe';
import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { startedThreads } from '@serial-oe/tooling/test-support/started-threads';
import { createLocalEngine } from '@serial-oe/training';
import { AllReduce, createSharedGroup, ParallelEngine } from '@serial-oe/training/node';
import { createWasmOps } from '@serial-oe/wasm-kernels';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { createEmbedder } from '../src/model/create-embedder';
import { trainingThreadFile } from '../src/node/thread-files';
import { createOutlierExposure, type NetworkSetup } from '../src/training/outlier-exposure';
import type { PreparedBatch } from '../src/training/prepare-batch';
import { shardBatch } from '../src/training/shard-batch';
import { TINY_INPUT, tinyBatch, tinySetup } from './support/tiny-batch';

const started = startedThreads();

const setup = tinySetup();
const { loss } = setup.config;
const INPUT_SHAPE = TINY_INPUT;
/** Two threads; operations of the same name for an engine on this one. */
async function startBoth(shared: NetworkSetup, microBatchSize: number) {
  await setBackend('wasm');
  const ops = await createWasmOps({ simdLevel: 'simd' });
  const threads = await ParallelEngine.start<PreparedBatch>({
    file: trainingThreadFile(),
    setup: shared,
    split: (whole, nParts) => shardBatch(whole, nParts, loss),
    nThreads: 2,
    backend: 'wasm',
    operations: ops.name,
    microBatchSize,
  });
  return { threads, ops };
}

function batch(): PreparedBatch {
  const size = INPUT_SHAPE[0] * INPUT_SHAPE[1];
  return {
    spectrograms: Float32Array.from({ length: 8 * size }, (_, i) => Math.abs(Math.sin(i * 0.37))),
    y: Float32Array.of(1, 1, 1, 1, 0, 0, 0, 0),
    targets: Float32Array.of(1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
    isMixed: false,
  };
}

const step = { dropoutSeed: 1 };

describe('shardBatch', () => {
  it('deals equal shares of normal samples and outliers', () => {
    const [first, second] = shardBatch(batch(), 2, loss);
    expect(Array.from(first!.y)).toEqual([1, 1, 0, 0]);
    expect(Array.from(second!.y)).toEqual([1, 1, 0, 0]);
    expect(Array.from(first!.targets!)).toEqual([1, 0, 1, 0, 0, 0, 0, 0]);
    expect(Array.from(second!.targets!)).toEqual([0, 1, 0, 1, 0, 0, 0, 0]);
    const size = INPUT_SHAPE[0] * INPUT_SHAPE[1];
    expect(second!.spectrograms.slice(0, size)).toEqual(batch().spectrograms.slice(size, 2 * size));
  });
});

describe('AllReduce', () => {
  it('averages a group of one', () => {
    const reduce = new AllReduce(createSharedGroup(1, 3), 0);
    reduce.contribution.set([1, 2, 3]);
    reduce.average();
    expect(Array.from(reduce.mean)).toEqual([1, 2, 3]);
  });
});

describe('ParallelEngine', () => {
  it('keeps all replicas the same', async () => {
    const { threads: engine, ops } = await startBoth(setup, 8);
    const losses: number[] = [];
    for (let i = 0; i < 6; i++) losses.push((await engine.step(batch(), step)).loss);
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
    const weights = await Promise.all(started.slice(-2).map(askForWeights));
    expect(weights[0]).toEqual(weights[1]);
    const nTensors = memory().numTensors;
    const embedder = createEmbedder(
      { config: setup.config, weights: await engine.takeWeights(), nHeadOutputs: 2 },
      ops,
    );
    expect(embedder.operations).toBe('wasm-simd');
    embedder.dispose();
    expect(memory().numTensors).toBe(nTensors);
    await engine.close();
  });

  it('with 2 threads takes the step of 2 micro-batches on one, and with 2 micro-batches each that of 4', async () => {
    for (const nMicroBatches of [1, 2]) {
      // Weights all but stay: AdamW makes full steps of gradients that are zero but for rounding.
      const overrides = { optimization: { nEpochs: 2, maxLearningRate: 1e-8 } };
      const shared = tinySetup(overrides);
      const microBatchSize = 8 / (2 * nMicroBatches);
      const { threads, ops } = await startBoth(shared, microBatchSize);
      const alone = createLocalEngine(await createOutlierExposure(shared, ops), { microBatchSize });
      try {
        for (let i = 0; i < 3; i++) {
          const pass = { dropoutSeed: i };
          const expected = await alone.step(tinyBatch(8, i), pass);
          const actual = await threads.step(tinyBatch(8, i), pass);
          expectAllClose(
            [actual.loss, actual.typeLoss!, actual.idLoss!],
            [expected.loss, expected.typeLoss!, expected.idLoss!],
            { rtol: 1e-4, atol: 0 },
          );
        }
        const [running, expected] = [await threads.evaluate(tinyBatch()), await alone.evaluate(tinyBatch())];
        expectAllClose([running.loss], [expected.loss], { rtol: 1e-4, atol: 0 });
      } finally {
        await threads.close();
        await alone.close();
      }
    }
  });

  it('ends with an error, not with a hang, when a thread dies', async () => {
    const { threads: engine } = await startBoth(setup, 8);
    await engine.step(batch(), step);
    const running = engine.step(batch(), step);
    const victim = started.at(-1)!;
    await victim.terminate();
    await expect(running).rejects.toThrow(TrainingWorkerErrorPattern);
    await expect(engine.step(batch(), step)).rejects.toThrow(TrainingWorkerErrorPattern);
    await engine.close();
  });
});

const TrainingWorkerErrorPattern = /a training worker has died/;

function askForWeights(worker: Worker): Promise<unknown> {
  return new Promise((resolve) => {
    const id = 1_000_000;
    worker.on('message', (reply: { id: number; result: Map<string, { data: Float32Array }> }) => {
      if (reply.id === id) resolve([...reply.result].map(([name, { data }]) => [name, Array.from(data)]));
    });
    worker.postMessage({ id, kind: 'weights' });
  });
}

it('has an error of its own for it', () => {
  expect(new TrainingWorkerError('x').name).toBe('TrainingWorkerError');
});
