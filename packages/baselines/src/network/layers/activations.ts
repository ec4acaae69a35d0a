import { channelSums } from '@serial-oe/efficientnet-extractor/layers';
import {
  cast,
  greater,
  less,
  logicalAnd,
  minimum,
  mul,
  reshape,
  step,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  leakyRelu as tfLeakyRelu,
  prelu as tfPrelu,
  relu as tfRelu,
  relu6 as tfRelu6,
  where,
} from '@tensorflow/tfjs-core';
import type { Layer } from './layer';

/** Slope below 0 at the start, PyTorch's default. */
const PRELU_SLOPE = 0.25;
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

/** `[channels]` -> `[1, 1, 1, channels]`. */
function overSpace(slope: Tensor1D): Tensor4D {
  return reshape(slope, [1, 1, 1, slope.size]);
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

/** x above 0, slope x below, with a slope for each channel that is trained, `NAME.weight`. */
export function prelu(name: string, nChannels: number): Layer {
  const weight = `${name}.weight`;
  return {
    parameters: [
      {
        name: weight,
        shape: [nChannels],
        initializer: { kind: 'constant', value: PRELU_SLOPE },
        isTrainable: true,
      },
    ],
    apply(x, { differentiable, store }) {
      const slope = store.get<Tensor1D>(weight);
      return differentiable<Tensor4D>(
        [x, slope],
        () => ({ value: tfPrelu(x, overSpace(slope)), saved: [x, slope] }),
        (dy, [savedX, savedSlope]) => [
          where(greater(savedX!, 0), dy, mul(dy, savedSlope!)),
          channelSums(mul(dy, minimum(savedX!, 0))),
        ],
      );
    },
  };
}
