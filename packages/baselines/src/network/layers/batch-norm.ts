import { batchNormVariables, updateRunningStatistics } from '@serial-oe/efficientnet-extractor/layers';
import { ONE, ZERO } from './initializers';
import type { Layer } from './layer';

export interface BatchNormLayerOptions {
  /** Added to the variance. */
  epsilon: number;
  /** Weight of a batch in the running statistics (Keras gives 1 minus it). */
  momentum: number;
  /** Whether the running variance takes the variance divided by n - 1; Keras does so for images, not for vectors. */
  isUnbiased: boolean;
}

/** PyTorch's defaults. */
export const TORCH_BATCH_NORM: BatchNormLayerOptions = { epsilon: 1e-5, momentum: 0.1, isUnbiased: true };
/** Keras' defaults, for images. */
export const KERAS_BATCH_NORM: BatchNormLayerOptions = { epsilon: 1e-3, momentum: 0.01, isUnbiased: true };

/** BatchNorm over batch, height and width: `NAME.weight`, `.bias`, `.running_mean` and `.running_var`, `[channels]` each. */
export function batchNorm(name: string, nChannels: number, options = TORCH_BATCH_NORM): Layer {
  const { epsilon, momentum, isUnbiased } = options;
  const parameter = (suffix: string, initializer: typeof ONE, isTrainable: boolean) => ({
    name: `${name}.${suffix}`,
    shape: [nChannels],
    initializer,
    isTrainable,
  });
  return {
    parameters: [
      parameter('weight', ONE, true),
      parameter('bias', ZERO, true),
      parameter('running_mean', ZERO, false),
      parameter('running_var', ONE, false),
    ],
    apply(x, { ops, store, isTraining }) {
      const statistics = batchNormVariables(store, name);
      if (!isTraining) return ops.batchNormInference(x, statistics, { epsilon, activation: 'none' });
      const { output, mean, variance } = ops.batchNormTraining(x, statistics, {
        epsilon,
        activation: 'none',
      });
      updateRunningStatistics(store, name, { mean, variance, n: x.size / nChannels, momentum, isUnbiased });
      return output;
    },
  };
}
