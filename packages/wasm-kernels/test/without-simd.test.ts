// Where the engine has no SIMD, or the backend keeps its memory to itself, the registered kernels are compositions of
// tfjs's own, and what has no such fallback says so.
import {
  type Conv2DBackpropFilterAttrs,
  engine,
  getKernel,
  type NamedAttrMap,
  type Tensor,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import {
  createWasmAdamWUpdate,
  createWasmOps,
  registerWasmTrainingKernels,
  WasmSimdMissingError,
} from '../src/index';
import type { WasmBackend } from '../src/runtime/wasm-backend';
import { expectCloseToMaximum } from './expect-close-to-maximum';
import { randomValues, sizeOf } from './random-values';
import { unregisterGradientKernels } from './register-gradient-kernels';
import { useBackend } from './use-backend';

const [X, FILTER] = [
  [3, 9, 8, 6],
  [3, 3, 6, 5],
];
const STRIDES_PAD = { strides: 2, pad: 'same', dataFormat: 'NHWC', dimRoundingMode: undefined };

/** All three gradients on the active backend. */
function gradients(): Float32Array[] {
  const random = (shape: number[], seed: number) => tensor(randomValues(sizeOf(shape), seed), shape);
  const run = (name: string, inputs: Record<string, Tensor>, attrs: object) =>
    (engine().runKernel(name, inputs, attrs as NamedAttrMap) as Tensor).dataSync() as Float32Array;
  let results: Float32Array[] = [];
  tidy(() => {
    const x = random(X, 1);
    const attrs = { ...STRIDES_PAD, filterShape: FILTER } as unknown as Conv2DBackpropFilterAttrs;
    const depthwiseFilter = [3, 3, 6, 1];
    const depthwise = { strides: 2, pad: 'same', dilations: 1 };
    const dy = random([3, 5, 4, 6], 3);
    results = [
      run('Conv2DBackpropFilter', { x, dy: random([3, 5, 4, 5], 2) }, attrs),
      run('DepthwiseConv2dNativeBackpropFilter', { x, dy }, { ...depthwise, filterShape: depthwiseFilter }),
      run(
        'DepthwiseConv2dNativeBackpropInput',
        { dy, filter: random(depthwiseFilter, 4) },
        { ...depthwise, inputShape: X },
      ),
    ];
  });
  return results;
}

beforeEach(async () => {
  await useBackend('wasm');
  unregisterGradientKernels();
});
afterEach(() => jest.restoreAllMocks());

async function expectCpuGradients(): Promise<void> {
  await useBackend('cpu');
  const expected = gradients();
  await useBackend('wasm');
  const actual = gradients();
  for (const [i, gradient] of actual.entries()) expectCloseToMaximum(gradient, expected[i]!);
}

test('without SIMD no kernels are compiled, and the gradients are right', async () => {
  jest.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  const compile = jest.spyOn(WebAssembly, 'compile');
  await registerWasmTrainingKernels();
  expect(getKernel('Conv2DBackpropFilter', 'wasm')).toBeDefined();
  await expectCpuGradients();
  await expect(createWasmOps()).rejects.toThrow(WasmSimdMissingError);
  await expect(createWasmAdamWUpdate()).rejects.toThrow(WasmSimdMissingError);
  expect(compile).not.toHaveBeenCalled();
});

test('without a visible memory no kernels are bound, and the gradients are right', async () => {
  const { wasm } = engine().backend as WasmBackend;
  const { asm } = wasm;
  Object.assign(wasm, { asm: { ...asm, memory: undefined } });
  try {
    const instantiate = jest.spyOn(WebAssembly, 'instantiate');
    await registerWasmTrainingKernels();
    await expectCpuGradients();
    expect(instantiate).not.toHaveBeenCalled();
  } finally {
    Object.assign(wasm, { asm });
  }
});

test('with both the SIMD kernels are bound', async () => {
  const instantiate = jest.spyOn(WebAssembly, 'instantiate');
  await registerWasmTrainingKernels();
  expect(instantiate).toHaveBeenCalledTimes(1);
  await expectCpuGradients();
});
