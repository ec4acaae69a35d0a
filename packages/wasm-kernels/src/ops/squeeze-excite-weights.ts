import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

/** The two fully connected layers of a squeeze-and-excite block. */
export interface SqueezeExciteWeights {
  /** `[channels, squeezed]` */
  reduceKernel: Tensor2D;
  /** `[squeezed]` */
  reduceBias: Tensor1D;
  /** `[squeezed, channels]` */
  expandKernel: Tensor2D;
  /** `[channels]` */
  expandBias: Tensor1D;
}
