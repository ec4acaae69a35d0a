import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import {
  add,
  cast,
  clone,
  concat,
  conv2d,
  depthwiseConv2d,
  engine,
  type KernelBackend,
  memory,
  mul,
  relu,
  reshape,
  reverse,
  setBackend,
  sigmoid,
  slice,
  softmax,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tensor,
  tensor1d,
  tensorScatterUpdate,
  tidy,
  transpose,
  variable,
} from '@tensorflow/tfjs-core';
import { registerWasmTrainingKernels } from '../src/index';
import { randomValues } from './random-values';
import { useBackend } from './use-backend';

/** The parts of the WASM backend that these tests look at. */
interface WasmBackend extends KernelBackend {
  wasm: { HEAPU8: Uint8Array; _malloc(size: number): number; _free(address: number): void };
  dataIdMap: { get(dataId: object): { memoryOffset: number; refCount: number } };
}

const backend = () => engine().backend as WasmBackend;
const addressOf = (x: Tensor) => backend().dataIdMap.get(x.dataId).memoryOffset;
const refCountOf = (x: Tensor) => backend().refCount(x.dataId);
const valuesOf = (x: Tensor) => Array.from(x.dataSync());

function counts() {
  const { numTensors, numBytes, numDataBuffers } = memory();
  return { numTensors, numBytes, numDataBuffers, numDataIds: backend().numDataIds() };
}

/** Where the allocator would put a block of this size: moves if anything stays allocated. */
function nextAddress(size: number): number {
  const address = backend().wasm._malloc(size);
  backend().wasm._free(address);
  return address;
}

beforeAll(async () => {
  await useBackend('wasm');
  await registerWasmTrainingKernels();
});
beforeEach(() => useBackend('wasm'));

test('a clone shares the data, and each has its own life', () => {
  const before = counts();
  const x = tensor1d([1, 2, 3]);
  const y = clone(x);
  expect(y.dataId).toBe(x.dataId);
  expect(refCountOf(x)).toBe(2);
  expect(counts().numDataIds).toBe(before.numDataIds + 1);
  x.dispose();
  expect(valuesOf(y)).toEqual([1, 2, 3]);
  expect(refCountOf(y)).toBe(1);
  y.dispose();
  expect(counts()).toEqual(before);
});

test.each([[[0, 1, 2, 3]], [[3, 2, 1, 0]], [[1, 3, 0, 2]], [[2, 0, 3, 1]]])(
  'clones of clones are disposed in the order %p',
  (order) => {
    const before = counts();
    const first = tensor([1, 2, 3, 4], [2, 2]);
    const second = clone(first);
    const third = reshape(second, [4]);
    const tensors = [first, second, third, clone(third)];
    order.forEach((index, nDisposed) => {
      for (const alive of order.slice(nDisposed)) expect(valuesOf(tensors[alive]!)).toEqual([1, 2, 3, 4]);
      tensors[index]!.dispose();
    });
    expect(counts()).toEqual(before);
  },
);

test.each(['float32', 'int32', 'bool'] as const)('%s', (dtype) => {
  const before = counts();
  const values = tidy(() => valuesOf(clone(tensor([0, 1, 1], [3], dtype))));
  expect(values).toEqual([0, 1, 1]);
  expect(counts()).toEqual(before);
});

test('strings keep the kernel of tfjs', () => {
  const before = counts();
  const x = tensor(['a', 'bc'], [2], 'string');
  const y = clone(x);
  expect(y.dataId).not.toBe(x.dataId);
  x.dispose();
  expect(valuesOf(y)).toEqual(['a', 'bc']);
  y.dispose();
  expect(counts()).toEqual(before);
});

test('variables start from, assign and outlive shared data', () => {
  const before = counts();
  const x = tensor1d([1, 2]);
  const kept = clone(x);
  const v = variable(x);
  x.dispose();
  expect(valuesOf(v)).toEqual([1, 2]);
  const next = tensor1d([3, 4]);
  v.assign(next);
  expect(valuesOf(kept)).toEqual([1, 2]);
  const copy = v.clone();
  next.dispose();
  const successor = add(v, 1);
  v.assign(successor as Tensor1D);
  successor.dispose();
  expect(valuesOf(copy)).toEqual([3, 4]);
  expect(valuesOf(v)).toEqual([4, 5]);
  v.dispose();
  kept.dispose();
  copy.dispose();
  expect(counts()).toEqual(before);
});

test('data moves between backends with all its clones', async () => {
  const before = counts();
  const x = tensor1d([1, 2, 3]);
  const y = clone(x);
  await setBackend('cpu');
  expect(tidy(() => valuesOf(add(x, y)))).toEqual([2, 4, 6]);
  const onCpu = clone(y);
  await setBackend('wasm');
  const back = clone(onCpu); // fetches the data again
  x.dispose();
  onCpu.dispose();
  expect(tidy(() => valuesOf(mul(y, back)))).toEqual([1, 4, 9]);
  y.dispose();
  back.dispose();
  expect(counts()).toEqual(before);
});

const IN_PLACE_CANDIDATES: [string, (x: Tensor) => Tensor][] = [
  ['add', (x) => add(x, 1)],
  ['relu', (x) => relu(x)],
  ['sigmoid', (x) => sigmoid(x)],
  ['softmax', (x) => softmax(x)],
  ['reverse', (x) => reverse(x, [])],
  ['transpose without effect', (x) => transpose(x, [0, 1])],
  ['concat of one', (x) => concat([x])],
  ['slice of all', (x) => slice(x, [0, 0], [-1, -1])],
  ['cast to the same type', (x) => cast(x, 'float32')],
  ['sum over nothing', (x) => sum(x, [])],
  ['tensorScatterUpdate', (x) => tensorScatterUpdate(x, [[1]], tensor([[9, 9, 9]]))],
];

test.each(IN_PLACE_CANDIDATES)('%s writes to memory of its own', (_, op) => {
  tidy(() => {
    const x = tensor([-1, 2, -3, 4, -5, 6], [2, 3]);
    const y = clone(x);
    const output = op(y);
    expect(valuesOf(x)).toEqual([-1, 2, -3, 4, -5, 6]);
    if (output.dataId === x.dataId) return; // a reshape: shares by design, as it always has
    expect(addressOf(output)).not.toBe(addressOf(x));
    backend().wasm.HEAPU8.fill(255, addressOf(output), addressOf(output) + 24);
    expect(valuesOf(x)).toEqual([-1, 2, -3, 4, -5, 6]);
    expect(valuesOf(y)).toEqual([-1, 2, -3, 4, -5, 6]);
  });
});

test.each([
  ['conv2d', conv2d, [3, 3, 4, 8]],
  ['depthwiseConv2d', depthwiseConv2d, [3, 3, 4, 1]],
] as const)('packed weights of %s are never those of an earlier filter', (_, convolve, shape) => {
  tidy(() => {
    const size = shape.reduce((product: number, n) => product * n, 1);
    const x = tensor(randomValues(2 * 6 * 5 * 4, 1), [2, 6, 5, 4]) as Tensor4D;
    const run = (filter: Tensor) =>
      tidy(() => convolve(x, filter as Tensor4D, 1, 'same').dataSync() as Float32Array);
    const filterOf = (seed: number) => tensor(randomValues(size, seed), [...shape]);
    const expected = [2, 3, 4].map((seed) => run(filterOf(seed)));

    const v = variable(filterOf(2));
    const shared = clone(v);
    expect(run(v)).toEqual(expected[0]);
    expect(run(shared)).toEqual(expected[0]);
    v.assign(filterOf(3));
    expect(run(v)).toEqual(expected[1]);
    expect(run(shared)).toEqual(expected[0]); // the operator packed for v is shared's now
    shared.dispose();
    const reused = filterOf(4); // likely at the address that shared's data left
    expect(run(reused)).toEqual(expected[2]);
    expect(run(v)).toEqual(expected[1]);
    v.dispose();
  });
  engine().disposeVariables();
});

test('a thousand clones leave tensors, bytes and the heap as they were', () => {
  const x = tensor(randomValues(1000, 1));
  const before = counts();
  const heapSize = backend().wasm.HEAPU8.length;
  const free = nextAddress(4000);
  for (let i = 0; i < 1000; i++) {
    const y = clone(x);
    const z = clone(y);
    if (i % 2 === 0) y.dispose();
    z.dispose();
    if (i % 2 === 1) y.dispose();
  }
  expect(counts()).toEqual(before);
  expect(refCountOf(x)).toBe(1);
  expect(backend().wasm.HEAPU8.length).toBe(heapSize);
  expect(nextAddress(4000)).toBe(free);
  expectAllClose(x.dataSync(), randomValues(1000, 1), { rtol: 0, atol: 0 });
  x.dispose();
});
