import {
  Conv2DBackpropFilter,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  getKernel,
  type KernelFunc,
  registerKernel,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { conv2dFilterGradient } from '../src/gradient-kernels/conv2d-filter-gradient';
import { depthwiseFilterGradient } from '../src/gradient-kernels/depthwise-filter-gradient';
import { depthwiseInputGradient } from '../src/gradient-kernels/depthwise-input-gradient';

/** Puts the gradient kernels as they are where the engine has no SIMD in the place of those that are registered. */
export function registerCompositions(): void {
  const kernels: [string, KernelFunc][] = [
    [Conv2DBackpropFilter, conv2dFilterGradient(() => null)],
    [DepthwiseConv2dNativeBackpropFilter, depthwiseFilterGradient(() => null)],
    [DepthwiseConv2dNativeBackpropInput, depthwiseInputGradient(() => null)],
  ];
  for (const [kernelName, kernelFunc] of kernels) {
    if (getKernel(kernelName, 'wasm')) unregisterKernel(kernelName, 'wasm');
    registerKernel({ kernelName, backendName: 'wasm', kernelFunc });
  }
}
