import type { Worker } from 'node:worker_threads';
import '@tensorflow/tfjs-backend-wasm';
import { fuseForInference } from '@serial-oe/efficientnet-extractor';
import { TrainingWorkerError } from '@serial-oe/serial-oe';
import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { startedThreads } from '@serial-oe/tooling/test-support/started-threads';
import { createWasmOps } from '@serial-oe/wasm-kernels';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { AllReduce, createSharedGroup } from '../src/node/parallel/all-reduce';
import { createParallelEngine, type ParallelEngineOptions } from '../src/node/parallel/parallel-engine';
import type { PreparedBatch } from '../src/training/prepare-batch';
import { shardBatch } from '../src/training/shard-batch';
import { createLocalEngine } from '../src/training/training-engine';
import { TINY_INPUT, tinyBatch, tinySetup } from './support/tiny-batch';

const started = startedThreads();

const setup = tinySetup();
const { loss } = setup.config;
const INPUT_SHAPE = TINY_INPUT;
/** The threads make operations of the same name; those of this thread serve the extractor that is taken. */
const createOptions = async (): Promise<ParallelEngineOptions> => {
  await setBackend('wasm');
  return { nWorkers: 2, backend: 'wasm', ops: await createWasmOps({ simdLevel: 'simd' }) };
};

function batch(): PreparedBatch {
  const size = INPUT_SHAPE[0] * INPUT_SHAPE[1];
  return {
    spectrograms: Float32Array.from({ length: 8 * size }, (_, i) => Math.abs(Math.sin(i * 0.37))),
    y: Float32Array.of(1, 1, 1, 1, 0, 0, 0, 0),
    targets: Float32Array.of(1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
  };
}

const step = { dropoutSeed: 1, isMixed: false };

describe('shardBatch', () => {
  it('deals equal shares of normal samples and outliers', () => {
    const [first, second] = shardBatch(batch(), 2, { loss, isMixed: false });
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

describe('createParallelEngine', () => {
  it('keeps all replicas the same', async () => {
    const engine = await createParallelEngine(setup, await createOptions());
    const losses: number[] = [];
    for (let i = 0; i < 6; i++) losses.push((await engine.step(batch(), step)).loss);
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
    const weights = await Promise.all(started.slice(-2).map(askForWeights));
    expect(weights[0]).toEqual(weights[1]);
    const nTensors = memory().numTensors;
    const extractor = await engine.takeExtractor();
    const fused = fuseForInference(extractor);
    expect(fused.operations).toBe('wasm-simd');
    fused.dispose();
    extractor.dispose();
    expect(memory().numTensors).toBe(nTensors);
    await engine.close();
  });

  it('with 2 threads takes the step of 2 micro-batches on one, and with 2 micro-batches each that of 4', async () => {
    const options = await createOptions();
    for (const nMicroBatches of [1, 2]) {
      // Weights all but stay: AdamW makes full steps of gradients that are zero but for rounding.
      const overrides = { optimization: { nEpochs: 2, maxLearningRate: 1e-8 } };
      const shared = tinySetup(overrides, 8 / (2 * nMicroBatches));
      const threads = await createParallelEngine(shared, options);
      const alone = await createLocalEngine(shared, options.ops);
      try {
        for (let i = 0; i < 3; i++) {
          const pass = { dropoutSeed: i, isMixed: true };
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
    const engine = await createParallelEngine(setup, await createOptions());
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
