import { add, max, mean, mul, sigmoid, type Tensor4D, tidy } from '@tensorflow/tfjs-core';

/**
 * TAgram: each frame of a spectrogram `[batch, nMels, nFrames, 1]` times sigmoid(maximum + mean over its bins). It has no
 * weights, and nobody needs its gradient.
 */
export function temporalAttention(sgram: Tensor4D): Tensor4D {
  return tidy(() => mul(sgram, sigmoid(add(max(sgram, 1, true), mean(sgram, 1, true)))) as Tensor4D);
}
