// Outputs of BatchNorm and gradients for its input are computed where they are used. To the rest of tfjs they are tensors
// like all others.
import {
  add,
  clone,
  engine,
  grads,
  memory,
  mul,
  ones,
  type Scalar,
  setBackend,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tensor,
  tidy,
  valueAndGrads,
} from '@tensorflow/tfjs-core';
import { createWasmOps, type WasmOps } from '../src/index';
import { expectCloseToMaximum } from './expect-close-to-maximum';
import { expectSameAsCpu, type OpsCase, outputAndGradients } from './ops-on-backends';
import { plainOps } from './plain-ops';
import { randomValues, sizeOf } from './random-values';
import { useBackend } from './use-backend';

const SHAPE = [2, 5, 4, 6];
const OPTIONS = { epsilon: 1e-3, activation: 'swish' } as const;

const random = (shape: number[], seed: number) => tensor(randomValues(sizeOf(shape), seed), shape);
const normalize = (ops: WasmOps, [x, gamma, beta]: Tensor[]): Tensor4D =>
  ops.batchNormTraining(x as Tensor4D, { gamma: gamma as Tensor1D, beta: beta as Tensor1D }, OPTIONS).output;

let ops: WasmOps;
beforeAll(async () => {
  await useBackend('wasm');
  ops = await createWasmOps();
});
beforeEach(() => useBackend('wasm'));

const onCpu = async (opsCase: OpsCase) => {
  await useBackend('cpu');
  const results = outputAndGradients(plainOps, opsCase);
  await useBackend('wasm');
  return results;
};

const normCase: OpsCase = {
  seed: 7,
  shapes: [SHAPE, [6], [6]],
  compute: (set, inputs) => normalize(set, inputs),
};

describe('an output of BatchNorm', () => {
  const makeOutput = () => tidy(() => normalize(ops, [random(SHAPE, 7), random([6], 8), random([6], 9)]));

  it('is not stored, and counts as one tensor', () => {
    const before = { ...memory(), numDataIds: engine().backend.numDataIds() };
    const output = makeOutput();
    expect(memory().numTensors).toBe(before.numTensors + 1);
    expect(engine().backend.numDataIds()).toBe(before.numDataIds + 2); // x and the norm
    output.dispose();
    expect({ ...memory(), numDataIds: engine().backend.numDataIds() }).toEqual(before);
  });

  it('can be read, now and later, and used by other operations, clones and backends', async () => {
    const { output: expected } = await onCpu(normCase);
    const before = { ...memory(), numDataIds: engine().backend.numDataIds() };
    const output = makeOutput();
    expectCloseToMaximum(output.dataSync(), expected, 1e-5);
    expectCloseToMaximum(await output.data(), expected, 1e-5);
    const copy = clone(output);
    const doubled = tidy(() => mul(output, 2).dataSync());
    expectCloseToMaximum(
      doubled,
      expected.map((value) => 2 * value),
      1e-5,
    );
    output.dispose();
    expectCloseToMaximum(copy.dataSync(), expected, 1e-5);
    copy.dispose();
    expect({ ...memory(), numDataIds: engine().backend.numDataIds() }).toEqual(before);

    const moved = makeOutput();
    await setBackend('cpu');
    expectCloseToMaximum(
      tidy(() => add(moved, 0).dataSync()),
      expected,
      1e-5,
    );
    moved.dispose();
    await useBackend('wasm');
    expect(memory().numTensors).toBe(before.numTensors);
  });

  it('passes through operations of another set', async () => {
    const { output: expected } = await onCpu({
      ...normCase,
      compute: (set, inputs) => set.globalAveragePool(normalize(set, inputs)),
    });
    const others = await createWasmOps();
    const output = makeOutput();
    expectCloseToMaximum(
      tidy(() => others.globalAveragePool(output).dataSync()),
      expected,
      1e-5,
    );
    output.dispose();
  });
});

// What the gradient of an activation looks like depends on who else uses it: all of these must come to the same.
const depthwise = (set: WasmOps, y: Tensor4D, w: Tensor): Tensor4D =>
  set.depthwiseConv2d(y, w as Tensor4D, { stride: 1 });
const withFilter = (compute: (set: WasmOps, y: Tensor4D, w: Tensor) => Tensor): OpsCase => ({
  seed: 11,
  shapes: [SHAPE, [6], [6], [3, 3, 6, 1]],
  compute: (set, inputs) => compute(set, normalize(set, inputs), inputs[3]!),
});
const alone = (compute: (set: WasmOps, y: Tensor4D) => Tensor): OpsCase => ({
  ...normCase,
  compute: (set, inputs) => compute(set, normalize(set, inputs)),
});
const GRADIENTS: [string, OpsCase][] = [
  ['used by nothing', normCase],
  ['used once', withFilter(depthwise)],
  ['used twice by the operations', withFilter((set, y, w) => set.add(depthwise(set, y, w), y))],
  ['used twice by one operation', alone((set, y) => set.add(y, y))],
  ['used by an operation and by tfjs', withFilter((set, y, w) => mul(depthwise(set, y, w), y))],
  ['used by tfjs and by an operation', withFilter((set, y, w) => mul(y, depthwise(set, y, w)))],
  ['used by tfjs alone', alone((_, y) => mul(y, y))],
  ['cloned before its use', withFilter((set, y, w) => depthwise(set, clone(y), w))],
  [
    'used by an operation whose result is dropped',
    alone((set, y) => {
      set.pointwiseConv2d(y, ones([1, 1, 6, 2]) as Tensor4D);
      return set.globalAveragePool(y);
    }),
  ],
  ['normalised again', withFilter((set, y, w) => depthwise(set, normalizeAgain(set, y), w))],
  [
    'followed by squeeze-excite twice',
    {
      seed: 3,
      shapes: [SHAPE, [6], [6], [6, 2], [2], [2, 6], [6]],
      compute: (set, inputs) => {
        const [reduceKernel, reduceBias, expandKernel, expandBias] = inputs.slice(3);
        const weights = { reduceKernel, reduceBias, expandKernel, expandBias } as Parameters<
          WasmOps['squeezeExcite']
        >[1];
        return set.squeezeExcite(set.squeezeExcite(normalize(set, inputs), weights), weights);
      },
    },
  ],
];

function normalizeAgain(set: WasmOps, y: Tensor4D): Tensor4D {
  const gamma = tensor([1, 2, 3, 4, 5, 6]);
  return normalize(set, [y, gamma, gamma]);
}

test.each(GRADIENTS)('gradients of a BatchNorm whose output is %s', async (_, opsCase) => {
  await expectSameAsCpu(ops, opsCase);
});

test('the gradient for an output that was made before the tape began is a true gradient', async () => {
  const filter = random([3, 3, 6, 1], 5) as Tensor4D;
  const dy = random(SHAPE, 6);
  const gradientFor = (y: Tensor) =>
    grads((z: Tensor) => depthwise(ops, z as Tensor4D, filter) as Tensor)([y], dy)[0]!.dataSync();
  tidy(() => {
    const inputs = [random(SHAPE, 7), random([6], 8), random([6], 9)];
    const deferred = normalize(ops, inputs);
    const stored = tensor(deferred.dataSync(), SHAPE);
    expectCloseToMaximum(gradientFor(deferred), gradientFor(stored), 1e-6);
    // Within the function of an outer gradient, too.
    const outer = (x: Tensor) => {
      const y = normalize(ops, [x, ...inputs.slice(1)]);
      expectCloseToMaximum(gradientFor(y), gradientFor(stored), 1e-6);
      return sum(y) as Scalar;
    };
    grads(outer)([inputs[0]!]);
  });
  filter.dispose();
  dy.dispose();
});

test('values and gradients stay valid after everything else is gone', async () => {
  const { gradients: expected } = await onCpu(normCase);
  const before = memory();
  const inputs = normCase.shapes.map((shape, i) => random(shape, normCase.seed + i));
  const dy = random(SHAPE, normCase.seed + 99) as Tensor4D;
  const results = valueAndGrads((...args: Tensor[]) => normalize(ops, args))(inputs, dy);
  for (const each of [...inputs, dy, results.value]) each.dispose();
  expectCloseToMaximum(results.grads[0]!.dataSync(), expected[0]!);
  for (const each of results.grads) each.dispose();
  expect(memory()).toEqual(before);
});
