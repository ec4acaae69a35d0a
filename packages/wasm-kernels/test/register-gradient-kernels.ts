import {
  Conv2DBackpropFilter,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  getKernel,
  type KernelFunc,
  MaxPoolGrad,
  registerKernel,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { conv2dFilterGradient } from '../src/gradient-kernels/conv2d-filter-gradient';
import { depthwiseFilterGradient } from '../src/gradient-kernels/depthwise-filter-gradient';
import { depthwiseInputGradient } from '../src/gradient-kernels/depthwise-input-gradient';
import { maxPoolGradient } from '../src/gradient-kernels/max-pool-gradient';
import type { RuntimeOf } from '../src/gradient-kernels/runtime-of-backend';

const GRADIENT_KERNELS: Record<string, (runtimeOf: RuntimeOf) => KernelFunc> = {
  [Conv2DBackpropFilter]: conv2dFilterGradient,
  [DepthwiseConv2dNativeBackpropFilter]: depthwiseFilterGradient,
  [DepthwiseConv2dNativeBackpropInput]: depthwiseInputGradient,
  [MaxPoolGrad]: maxPoolGradient,
};

/** Takes the gradient kernels out of the registry. */
export function unregisterGradientKernels(): void {
  for (const kernelName of Object.keys(GRADIENT_KERNELS)) {
    if (getKernel(kernelName, 'wasm')) unregisterKernel(kernelName, 'wasm');
  }
}

/** Puts the gradient kernels in the place of those that are registered; without runtimes, as compositions. */
export function registerGradientKernels(runtimeOf: RuntimeOf = () => null): void {
  unregisterGradientKernels();
  for (const [kernelName, make] of Object.entries(GRADIENT_KERNELS)) {
    registerKernel({ kernelName, backendName: 'wasm', kernelFunc: make(runtimeOf) });
  }
}
