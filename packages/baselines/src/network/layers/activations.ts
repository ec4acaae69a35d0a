import {
  cast,
  greater,
  less,
  logicalAnd,
  mul,
  step,
  type Tensor,
  type Tensor4D,
  leakyRelu as tfLeakyRelu,
  relu as tfRelu,
  relu6 as tfRelu6,
} from '@tensorflow/tfjs-core';
import type { Layer } from './layer';

/** Where ReLU6 ends. */
const RELU6_MAXIMUM = 6;

/** max(x, 0). */
export function relu(): Layer {
  return withDerivative(tfRelu, (x) => step(x, 0));
}

/** min(max(x, 0), 6). */
export function relu6(): Layer {
  return withDerivative(tfRelu6, (x) => cast(logicalAnd(greater(x, 0), less(x, RELU6_MAXIMUM)), 'float32'));
}

/** x above 0, slope x below. */
export function leakyRelu(slope: number): Layer {
  return withDerivative(
    (x) => tfLeakyRelu(x, slope),
    (x) => step(x, slope),
  );
}

/** A function of each value whose derivative is a function of the same value. */
function withDerivative(f: (x: Tensor4D) => Tensor4D, derivative: (x: Tensor4D) => Tensor): Layer {
  return {
    parameters: [],
    apply: (x, { differentiable }) =>
      differentiable<Tensor4D>(
        [x],
        () => ({ value: f(x), saved: [x] }),
        (dy, [saved]) => [mul(dy, derivative(saved as Tensor4D))],
      ),
  };
}
