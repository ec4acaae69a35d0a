import '@tensorflow/tfjs-backend-wasm';
import { createExtractor, type ExtractorOps } from '@serial-oe/efficientnet-extractor';
import { outlierExposureLoss } from '@serial-oe/losses-mixup';
import { AdamW, type AdamWUpdateKernel, OneCycleLR } from '@serial-oe/optimizers';
import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { createLocalEngine, initialPosition, Trainer } from '@serial-oe/training';
import { createWasmAdamWUpdate, createWasmOps } from '@serial-oe/wasm-kernels';
import {
  dispose,
  memory,
  setBackend,
  tensor1d,
  tensor2d,
  tensor4d,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { OutlierExposure } from '../src/training/outlier-exposure';
import type { PreparedBatch } from '../src/training/prepare-batch';
import { shardBatch } from '../src/training/shard-batch';
import { N_TINY_IDS, TINY_INPUT, tinyBatch, tinySetup } from './support/tiny-batch';

let ops: ExtractorOps;
let updateKernel: AdamWUpdateKernel;
const STEP = { dropoutSeed: 5 };

beforeAll(async () => {
  await setBackend('wasm');
  ops = await createWasmOps({ simdLevel: 'simd' });
  updateKernel = await createWasmAdamWUpdate({ simdLevel: 'simd' });
});

/** Within 1e-6 of the largest value; `expectAllClose` is slow on millions of values. */
function expectCloseToMaximum(actual: Float32Array, expected: Float32Array): void {
  const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const worst = actual.reduce((max, value, k) => Math.max(max, Math.abs(value - expected[k]!)), 0);
  expect(actual.length).toBe(expected.length);
  expect(worst).toBeLessThanOrEqual(1e-6 * largest + 1e-12);
}

function trainerOf(overrides: Parameters<typeof tinySetup>[0], microBatchSize: number) {
  const network = new OutlierExposure(tinySetup(overrides), { ops, updateKernel });
  return new Trainer(network, microBatchSize);
}
/** Values of all variables in a row; of four million parameters jest would print each difference. */
const read = (variables: readonly Variable[]) =>
  Float32Array.from(variables.flatMap((variable) => Array.from(variable.dataSync())));
const isEqual = (a: Float32Array | Uint8Array, b: Float32Array | Uint8Array) =>
  Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));

function disposeTrainer({ network }: Trainer<PreparedBatch>): void {
  network.dispose();
}

it('is the plain step of the full batch, bit for bit, where micro-batch and batch are one', async () => {
  const setup = tinySetup();
  const trainer = trainerOf({}, 8);
  const { embeddingSize, dropoutRate, typeHeadStart } = setup.config.network;
  const { maxLearningRate, beta2, epsilon, weightDecay, pctStart, divFactor, finalDivFactor, cycleMomentum } =
    setup.config.optimization;
  const extractor = createExtractor({
    embeddingSize,
    dropoutRate,
    inputShape: TINY_INPUT,
    nMachineIds: N_TINY_IDS,
    seed: setup.config.seed,
    ...(typeHeadStart !== 'random' && { typeHeadStart }),
    ops,
  });
  const optimizer = new AdamW({ learningRate: maxLearningRate, beta2, epsilon, weightDecay, updateKernel });
  const schedule = new OneCycleLR(optimizer, {
    maxLearningRate,
    totalSteps: setup.scheduleSteps,
    pctStart,
    divFactor,
    finalDivFactor,
    cycleMomentum,
  });
  for (let step = 0; step < 2; step++) {
    const { spectrograms, y, targets } = tinyBatch(8, step);
    const x = tensor4d(spectrograms, [8, ...TINY_INPUT, 1]);
    const [labels, ids] = [tensor1d(y), tensor2d(targets!, [8, N_TINY_IDS])];
    const { value, grads } = variableGrads(
      () =>
        outlierExposureLoss(
          { ...extractor.forward(x, { training: true, dropoutSeed: 5 }), y: labels, targets: ids },
          { alpha: setup.config.loss.alpha },
        ),
      extractor.variables,
    );
    optimizer.applyGradients(grads);
    schedule.step();
    const { loss } = await trainer.step(tinyBatch(8, step), STEP);
    expect(loss).toBe(value.dataSync()[0]);
    dispose([x, labels, ids, value, grads]);
  }
  expect(isEqual(read(trainer.network.variables), read(extractor.variables))).toBe(true);
  expect(isEqual(read(trainer.network.stateVariables), read(extractor.stateVariables))).toBe(true);
  optimizer.dispose();
  extractor.dispose();
  disposeTrainer(trainer);
});

it('averages gradients and running statistics, each micro-batch having begun at the same state', async () => {
  const overrides = { network: { dropoutRate: 0 } };
  const whole = trainerOf(overrides, 4);
  const { loss } = tinySetup(overrides).config;
  const batch = tinyBatch();
  const gradients: Record<string, Float32Array>[] = [];
  const statistics: Float32Array[] = [];
  const losses: number[] = [];
  for (const part of shardBatch(batch, 2, loss)) {
    const alone = trainerOf(overrides, 4);
    const result = await alone.step(part, STEP, async (grads) => {
      gradients.push(
        Object.fromEntries(
          alone.network.variables.map(({ name }, i) => [i, grads[name]!.dataSync().slice() as Float32Array]),
        ),
      );
      return grads;
    });
    losses.push(result.loss);
    statistics.push(read(alone.network.stateVariables));
    disposeTrainer(alone);
  }
  const result = await whole.step(batch, STEP, async (grads) => {
    for (const [i, { name }] of whole.network.variables.entries()) {
      const mean = gradients[0]![i]!.map((value, k) => (value + gradients[1]![i]![k]!) / 2);
      expectCloseToMaximum(grads[name]!.dataSync() as Float32Array, mean);
    }
    return grads;
  });
  expectAllClose([result.loss], [(losses[0]! + losses[1]!) / 2], { rtol: 1e-6, atol: 0 });
  const mean = statistics[0]!.map((value, k) => (value + statistics[1]![k]!) / 2);
  expectAllClose(read(whole.network.stateVariables), mean, { rtol: 1e-6, atol: 1e-7 });
  disposeTrainer(whole);
});

it('evaluates the same loss in parts as at once, equal parts or not', async () => {
  const losses: number[] = [];
  for (const microBatchSize of [10, 5, 4]) {
    const trainer = trainerOf({}, microBatchSize);
    losses.push((await trainer.evaluate(tinyBatch(10))).loss);
    disposeTrainer(trainer);
  }
  expectAllClose(losses, [losses[0]!, losses[0]!, losses[0]!], { rtol: 1e-6, atol: 0 });
});

it('keeps no tensors, learns, and repeats itself', async () => {
  const run = async () => {
    const trainer = trainerOf({}, 2);
    const losses = [(await trainer.step(tinyBatch(), STEP)).loss];
    const { numTensors } = memory();
    for (let i = 0; i < 6; i++) losses.push((await trainer.step(tinyBatch(), STEP)).loss);
    expect(memory().numTensors).toBe(numTensors);
    disposeTrainer(trainer);
    return losses;
  };
  const losses = await run();
  expect(losses.at(-1)).toBeLessThan(losses[0]!);
  expect(await run()).toEqual(losses);
});

it('gives each micro-batch a dropout mask of its own', async () => {
  const { spectrograms, y, targets } = tinyBatch(4);
  const twice = (values: Float32Array) => {
    const size = values.length / 4;
    const rows = Array.from({ length: 4 }, (_, i) => Array.from(values.slice(i * size, (i + 1) * size)));
    return Float32Array.from([0, 0, 1, 1, 2, 2, 3, 3].flatMap((i) => rows[i]!)); // parts get equal samples
  };
  const batch = { spectrograms: twice(spectrograms), y: twice(y), targets: twice(targets!), isMixed: true };
  const trainer = trainerOf({ network: { dropoutRate: 0.5 } }, 4);
  const alone = trainerOf({ network: { dropoutRate: 0.5 } }, 4);
  const both = await trainer.step(batch, STEP);
  const first = await alone.step(tinyBatch(4), STEP);
  expect(both.loss).not.toBe(first.loss);
  disposeTrainer(trainer);
  disposeTrainer(alone);
});

it('resumes to the same bits', async () => {
  const context = { fingerprint: { a: 'b' }, path: 'checkpoint' };
  const start = () =>
    createLocalEngine(new OutlierExposure(tinySetup(), { ops, updateKernel }), { microBatchSize: 4 });
  const engine = start();
  for (let i = 0; i < 2; i++) await engine.step(tinyBatch(8, i), { ...STEP, dropoutSeed: i });
  const saved = await engine.saveState(initialPosition(), context.fingerprint);
  const resumed = start();
  await resumed.restoreState(saved, context);
  for (let i = 2; i < 4; i++) {
    const options = { ...STEP, dropoutSeed: i };
    expect(await resumed.step(tinyBatch(8, i), options)).toEqual(await engine.step(tinyBatch(8, i), options));
  }
  const [one, other] = await Promise.all(
    [engine, resumed].map((each) => each.saveState(initialPosition(), context.fingerprint)),
  );
  expect(isEqual(one!, other!)).toBe(true);
  await engine.close();
  await resumed.close();
});
