import {
  Conv2DBackpropFilter,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  findBackendFactory,
  getKernel,
  Identity,
  type KernelConfig,
  type KernelFunc,
  MaxPoolGrad,
  registerKernel,
  unregisterKernel,
} from '@tensorflow/tfjs-core';

import { WasmBackendMissingError } from '../errors';
import { WASM_BACKEND_NAME } from '../runtime/wasm-backend';
import { conv2dFilterGradient } from './conv2d-filter-gradient';
import { depthwiseFilterGradient } from './depthwise-filter-gradient';
import { depthwiseInputGradient } from './depthwise-input-gradient';
import { maxPoolGradient } from './max-pool-gradient';
import { prepareRuntimes, type RuntimeOf } from './runtime-of-backend';
import { sharedIdentity } from './shared-identity';

/** Marks registered kernels as ours, also for a second copy of this package (ESM beside CommonJS, two versions). */
const OURS = Symbol.for('@serial-oe/wasm-kernels');

type MarkedKernelConfig = KernelConfig & { readonly [OURS]?: true };

/** Kernels that tfjs-backend-wasm 4.x lacks. */
const missingKernels = (runtimeOf: RuntimeOf): [string, KernelFunc][] => [
  [Conv2DBackpropFilter, conv2dFilterGradient(runtimeOf)],
  [DepthwiseConv2dNativeBackpropFilter, depthwiseFilterGradient(runtimeOf)],
  [DepthwiseConv2dNativeBackpropInput, depthwiseInputGradient(runtimeOf)],
];

/** Kernels of which tfjs-backend-wasm 4.x has a slow and a wrong one. */
const replacedKernels = (runtimeOf: RuntimeOf): [string, (replaced?: KernelFunc) => KernelFunc][] => [
  [Identity, (replaced) => sharedIdentity(replaced!)],
  [MaxPoolGrad, () => maxPoolGradient(runtimeOf)],
];

/**
 * Registers on tfjs's WASM backend what it lacks for training convolutional networks: the kernels
 * `Conv2DBackpropFilter`, `DepthwiseConv2dNativeBackpropFilter` and `DepthwiseConv2dNativeBackpropInput`,, an
 * `Identity` that shares the data of its input by reference counting where tfjs's own copies it (the gradient tape
 * clones every tensor that it saves), and a `MaxPoolGrad` that keeps the gradient of windows without a positive value.
 *
 * The gradient kernels are SIMD code that works directly on the backend's memory. Without SIMD, for dilated
 * convolutions and for channel multipliers they are compositions of kernels that the backend has.
 *
 * Call it once, after the import of `@tensorflow/tfjs-backend-wasm` and before training, best after
 * `await tf.setBackend('wasm')`: some browsers let SIMD code be loaded asynchronously only, so that compositions serve
 * there if the backend is not started yet. It sets no backend, and further calls do nothing. Where a later release of
 * tfjs brings one of the three kernels itself, that one stays; `Identity` and `MaxPoolGrad` are always replaced.
 *
 * @returns A promise that resolves when the kernels are in place.
 * @throws {WasmBackendMissingError} (as a rejection) when the WASM backend is not registered.
 */
export async function registerWasmTrainingKernels(): Promise<void> {
  if (!getKernel(Identity, WASM_BACKEND_NAME) || !findBackendFactory(WASM_BACKEND_NAME)) {
    throw new WasmBackendMissingError(
      `wasm-kernels.registerWasmTrainingKernels: the backend '${WASM_BACKEND_NAME}' must be registered, got none. ` +
        "Add import '@tensorflow/tfjs-backend-wasm' before the call.",
    );
  }
  if (isComplete()) return;
  const runtimeOf = await prepareRuntimes();
  // From here on nothing is awaited, so that concurrent calls do not register twice.
  for (const [kernelName, kernelFunc] of missingKernels(runtimeOf)) {
    if (!getKernel(kernelName, WASM_BACKEND_NAME)) register(kernelName, kernelFunc);
  }
  for (const [kernelName, replace] of replacedKernels(runtimeOf)) {
    const replaced: MarkedKernelConfig | undefined = getKernel(kernelName, WASM_BACKEND_NAME);
    if (replaced?.[OURS]) continue;
    if (replaced) unregisterKernel(kernelName, WASM_BACKEND_NAME);
    register(kernelName, replace(replaced?.kernelFunc));
  }
}

function isComplete(): boolean {
  const names = missingKernels(() => null).map(([kernelName]) => kernelName);
  const isOurs = (name: string) =>
    (getKernel(name, WASM_BACKEND_NAME) as MarkedKernelConfig)?.[OURS] === true;
  const replaced = replacedKernels(() => null).map(([kernelName]) => kernelName);
  return replaced.every(isOurs) && names.every((name) => getKernel(name, WASM_BACKEND_NAME));
}

function register(kernelName: string, kernelFunc: KernelFunc): void {
  const config: MarkedKernelConfig = {
    kernelName,
    backendName: WASM_BACKEND_NAME,
    kernelFunc,
    [OURS]: true,
  };
  registerKernel(config);
}
