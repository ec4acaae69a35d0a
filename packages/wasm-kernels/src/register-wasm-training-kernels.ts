import {
  Conv2DBackpropFilter,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  findBackendFactory,
  getKernel,
  Identity,
  type KernelConfig,
  type KernelFunc,
  registerKernel,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { conv2dFilterGradient } from './conv2d-filter-gradient';
import { depthwiseFilterGradient } from './depthwise-filter-gradient';
import { depthwiseInputGradient } from './depthwise-input-gradient';
import { WasmBackendMissingError } from './errors';
import { sharedIdentity } from './shared-identity';

/** Kernels that tfjs-backend-wasm 4.x lacks. */
const MISSING_KERNELS: readonly (readonly [string, KernelFunc])[] = [
  [Conv2DBackpropFilter, conv2dFilterGradient],
  [DepthwiseConv2dNativeBackpropFilter, depthwiseFilterGradient],
  [DepthwiseConv2dNativeBackpropInput, depthwiseInputGradient],
];

const BACKEND_NAME = 'wasm';

/** Marks registered kernels as ours, also for a second copy of this package (ESM beside CommonJS, two versions). */
const OURS = Symbol.for('@serial-oe/wasm-kernels');

type MarkedKernelConfig = KernelConfig & { readonly [OURS]?: true };

/**
 * Registers on tfjs's WASM backend what it lacks for training convolutional networks: the kernels
 * `Conv2DBackpropFilter`, `DepthwiseConv2dNativeBackpropFilter` and `DepthwiseConv2dNativeBackpropInput` (compositions
 * of kernels that it has), and an `Identity` that shares the data of its input by reference counting where tfjs's
 * own copies it (the gradient tape clones every tensor that it saves).
 *
 * Call it once, after the import of `@tensorflow/tfjs-backend-wasm` and before training; before or after
 * `setBackend('wasm')` is the same. It sets no backend, and further calls do nothing. Where a later release of tfjs
 * brings one of the three kernels itself, that one stays; `Identity` is always replaced.
 *
 * @returns A promise that resolves when the kernels are in place.
 * @throws {WasmBackendMissingError} (as a rejection) when the WASM backend is not registered.
 */
export async function registerWasmTrainingKernels(): Promise<void> {
  const identity: MarkedKernelConfig | undefined = getKernel(Identity, BACKEND_NAME);
  if (!identity || !findBackendFactory(BACKEND_NAME)) {
    throw new WasmBackendMissingError(
      `wasm-kernels.registerWasmTrainingKernels: the backend '${BACKEND_NAME}' must be registered, got none. ` +
        "Add import '@tensorflow/tfjs-backend-wasm' before the call.",
    );
  }
  for (const [kernelName, kernelFunc] of MISSING_KERNELS) {
    if (!getKernel(kernelName, BACKEND_NAME)) register(kernelName, kernelFunc);
  }
  if (!identity[OURS]) {
    unregisterKernel(Identity, BACKEND_NAME);
    register(Identity, sharedIdentity(identity.kernelFunc));
  }
}

function register(kernelName: string, kernelFunc: KernelFunc): void {
  const config: MarkedKernelConfig = { kernelName, backendName: BACKEND_NAME, kernelFunc, [OURS]: true };
  registerKernel(config);
}
