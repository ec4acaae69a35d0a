import type { Differentiable } from '@serial-oe/efficientnet-extractor/layers';
import { mul, sigmoid, square, sub, type Tensor4D, tanh } from '@tensorflow/tfjs-core';

/** tanh(signal) sigmoid(gate), WaveNet's activation. */
export function gated(differentiable: Differentiable, signal: Tensor4D, gate: Tensor4D): Tensor4D {
  return differentiable<Tensor4D>(
    [signal, gate],
    () => {
      const [t, s] = [tanh(signal), sigmoid(gate)];
      return { value: mul(t, s), saved: [t, s] };
    },
    (dy, [t, s]) => [mul(mul(dy, s!), sub(1, square(t!))), mul(mul(dy, t!), mul(s!, sub(1, s!)))],
  );
}
