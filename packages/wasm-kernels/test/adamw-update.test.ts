import { memory, type Tensor, tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { createWasmAdamWUpdate, WasmBackendMissingError } from '../src/index';
import { enableRelaxedSimd } from '../src/node';
import { expectCloseToMaximum } from './expect-close-to-maximum';
import { GuardedHeap } from './guarded-heap';
import { randomValues } from './random-values';
import { useBackend } from './use-backend';

interface Settings {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
}

const DEFAULTS: Settings = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 };

/** AdamW in float64, as Loshchilov and Hutter write it. */
class Reference {
  readonly parameter: number[];
  m: number[];
  v: number[];

  constructor(parameter: Float32Array) {
    this.parameter = [...parameter];
    this.m = this.parameter.map(() => 0);
    this.v = this.parameter.map(() => 0);
  }

  update(gradient: Float32Array, step: number, settings: Settings): void {
    const { learningRate, beta1, beta2, epsilon, weightDecay } = settings;
    for (const [i, g] of gradient.entries()) {
      this.m[i] = beta1 * this.m[i]! + (1 - beta1) * g;
      this.v[i] = beta2 * this.v[i]! + (1 - beta2) * g * g;
      const mean = this.m[i]! / (1 - beta1 ** step);
      const root = Math.sqrt(this.v[i]! / (1 - beta2 ** step));
      this.parameter[i] =
        (1 - learningRate * weightDecay) * this.parameter[i]! - (learningRate * mean) / (root + epsilon);
    }
  }
}

const settings = fc.record({
  learningRate: fc.double({ min: 0, max: 0.5, noNaN: true }),
  beta1: fc.double({ min: 0, max: 0.99, noNaN: true }),
  beta2: fc.double({ min: 0, max: 0.9999, noNaN: true }),
  epsilon: fc.constantFrom(1e-8, 1e-3),
  weightDecay: fc.double({ min: 0, max: 0.5, noNaN: true }),
});

describe.each(['simd', 'relaxed-simd'] as const)('the %s build', (simdLevel) => {
  beforeAll(() => enableRelaxedSimd());
  beforeEach(() => useBackend('wasm'));

  test('updates as AdamW in float64 does, leaves its inputs alone and its neighbours too', async () => {
    const update = await createWasmAdamWUpdate({ simdLevel });
    const heap = new GuardedHeap();
    const draws = fc.tuple(fc.integer({ min: 1, max: 70 }), settings, fc.nat(1000));
    fc.assert(
      fc.property(draws, ([size, drawn, seed]) => {
        const before = memory().numTensors;
        const reference = new Reference(randomValues(size, seed));
        let state: { parameter: Tensor; m: Tensor; v: Tensor } = {
          parameter: tensor(randomValues(size, seed)),
          m: tensor(new Float32Array(size)),
          v: tensor(new Float32Array(size)),
        };
        for (let step = 1; step <= 4; step++) {
          const values = randomValues(size, seed + step);
          const gradient = tensor(values);
          const inputs = [...Object.values(state), gradient];
          const copies = inputs.map((input) => input.dataSync().slice());
          const next = update({ ...state, gradient, ...drawn, step });
          for (const [i, input] of inputs.entries()) {
            expect(input.dataSync()).toEqual(copies[i]);
            input.dispose();
          }
          reference.update(values, step, drawn);
          state = next;
        }
        expectCloseToMaximum(state.parameter.dataSync(), reference.parameter, 1e-5);
        expectCloseToMaximum(state.m.dataSync(), reference.m, 1e-6);
        expectCloseToMaximum(state.v.dataSync(), reference.v, 1e-6);
        for (const each of Object.values(state)) each.dispose();
        heap.check();
        expect(heap.nLive).toBe(0);
        expect(memory().numTensors).toBe(before);
      }),
      { seed: 20_200_512, numRuns: 60 },
    );
    heap.restore();
  });
});

test('other shapes, another dtype and another backend are refused', async () => {
  await useBackend('wasm');
  const update = await createWasmAdamWUpdate();
  const [three, four, whole] = [tensor([1, 2, 3]), tensor([1, 2, 3, 4]), tensor([1, 2, 3], [3], 'int32')];
  const input = { parameter: three, gradient: three, m: three, v: three, ...DEFAULTS, step: 1 };
  expect(() => update({ ...input, gradient: four })).toThrow(
    'wasm-kernels.adamWUpdate: gradient must be float32 of shape [3], got float32 of shape [4]',
  );
  expect(() => update({ ...input, v: whole })).toThrow('v must be float32 of shape [3], got int32');
  await useBackend('cpu');
  expect(() => update(input)).toThrow(WasmBackendMissingError);
  await expect(createWasmAdamWUpdate()).rejects.toThrow(WasmBackendMissingError);
});
