import { cast, greater, less, logicalAnd, mul, type Tensor4D, relu6 as tfRelu6 } from '@tensorflow/tfjs-core';
import type { Layer } from './layer';

/** Where ReLU6 ends. */
const RELU6_MAXIMUM = 6;

/** max(x, 0). */
export function relu(): Layer {
  return leakyRelu(0);
}

/** min(max(x, 0), 6). */
export function relu6(): Layer {
  return {
    parameters: [],
    apply: (x, { differentiable }) =>
      differentiable<Tensor4D>(
        [x],
        () => ({ value: tfRelu6(x), saved: [x] }),
        (dy, [saved]) => [
          mul(dy, cast(logicalAnd(greater(saved!, 0), less(saved!, RELU6_MAXIMUM)), 'float32')),
        ],
      ),
  };
}

/** x above 0, slope x below. */
export function leakyRelu(slope: number): Layer {
  return { parameters: [], apply: (x, { ops }) => ops.biasLeakyRelu(x, null, slope) };
}
