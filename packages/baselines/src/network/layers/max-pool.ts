import {
  engine,
  MaxPoolGrad,
  type MaxPoolGradAttrs,
  type MaxPoolGradInputs,
  type NamedAttrMap,
  type NamedTensorMap,
  type Tensor4D,
  maxPool as tfMaxPool,
} from '@tensorflow/tfjs-core';
import type { Layer } from './layer';

export interface MaxPoolLayerOptions {
  windowShape: readonly [number, number];
  /** Default: that of the window. */
  strides?: readonly [number, number];
  padding: 'same' | 'valid';
}

/** The largest value under each window; its gradient goes to where it was found first. */
export function maxPool({ windowShape, strides = windowShape, padding }: MaxPoolLayerOptions): Layer {
  const [filterSize, steps] = [[...windowShape] as [number, number], [...strides] as [number, number]];
  return {
    parameters: [],
    apply(input, { ops, differentiable }) {
      // Nothing is bent: on WASM this stores what the operations would compute anew wherever it is read, and tfjs's kernel
      // would fetch by way of the host.
      const x = ops.biasLeakyRelu(input, null, 1);
      return differentiable<Tensor4D>(
        [x],
        () => {
          const value = tfMaxPool(x, filterSize, steps, padding);
          return { value, saved: [x, value] };
        },
        (dy, [savedX, output]) => {
          const inputs = { dy, input: savedX, output } as unknown as MaxPoolGradInputs;
          const attrs: MaxPoolGradAttrs = { filterSize, strides: steps, pad: padding };
          return [
            engine().runKernel(
              MaxPoolGrad,
              inputs as unknown as NamedTensorMap,
              attrs as unknown as NamedAttrMap,
            ) as Tensor4D,
          ];
        },
      );
    },
  };
}
