/** @jest-runner jest-runner */
import {
  getBackend,
  getKernel,
  getKernelsForBackend,
  type KernelConfig,
  registerKernel,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { registerWasmTrainingKernels, WasmBackendMissingError } from '../src/index';

const GRADIENT_KERNELS = [
  'Conv2DBackpropFilter',
  'DepthwiseConv2dNativeBackpropFilter',
  'DepthwiseConv2dNativeBackpropInput',
];

const registered = () =>
  [...GRADIENT_KERNELS, 'Identity', 'MaxPoolGrad'].map((name) => getKernel(name, 'wasm'));

// One story, as the registry of tfjs is global: first without the backend, then with it.
test('without the WASM backend the call is refused and says what to import', async () => {
  const refused = registerWasmTrainingKernels();
  await expect(refused).rejects.toThrow(WasmBackendMissingError);
  await expect(refused).rejects.toThrow("import '@tensorflow/tfjs-backend-wasm'");
  expect(getKernelsForBackend('wasm')).toEqual([]);
});

test('a kernel that tfjs has stays', async () => {
  await import('@tensorflow/tfjs-backend-cpu');
  await import('@tensorflow/tfjs-backend-wasm');
  const theirs: KernelConfig = {
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: () => [],
  };
  registerKernel(theirs);
  await registerWasmTrainingKernels();
  expect(getKernel('Conv2DBackpropFilter', 'wasm')).toBe(theirs);
  unregisterKernel('Conv2DBackpropFilter', 'wasm');
});

test('concurrent and repeated calls register once, in silence, and choose no backend', async () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation();
  await Promise.all([registerWasmTrainingKernels(), registerWasmTrainingKernels()]);
  const first = registered();
  await registerWasmTrainingKernels();
  expect(registered()).toEqual(first);
  for (const [i, kernel] of registered().entries()) expect(kernel).toBe(first[i]);
  expect(first.every((kernel) => kernel !== undefined)).toBe(true);
  expect(warn).not.toHaveBeenCalled();
  expect(getBackend() || null).toBeNull();
  warn.mockRestore();
});

test('a second copy of the package leaves the first one in place', async () => {
  const first = registered();
  await jest.isolateModulesAsync(async () => {
    const copy = await import('../src/index');
    expect(copy.registerWasmTrainingKernels).not.toBe(registerWasmTrainingKernels);
    await copy.registerWasmTrainingKernels();
  });
  for (const [i, kernel] of registered().entries()) expect(kernel).toBe(first[i]);
});
