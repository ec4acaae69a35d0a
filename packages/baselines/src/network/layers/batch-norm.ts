import {
  batchNormVariables,
  type Initializer,
  type ParameterSpec,
  updateRunningStatistics,
} from '@serial-oe/efficientnet-extractor/layers';
import type { Tensor1D } from '@tensorflow/tfjs-core';
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

/** Slope of PReLU below 0 at the start, PyTorch's default. */
const PRELU_SLOPE: Initializer = { kind: 'constant', value: 0.25 };

/** BatchNorm over batch, height and width: `NAME.weight`, `.bias`, `.running_mean` and `.running_var`, `[channels]` each. */
export function batchNorm(name: string, nChannels: number, options = TORCH_BATCH_NORM): Layer {
  return normalization({ name, nChannels, slopeName: null }, options);
}

/** PyTorch's BatchNorm, `NAME.bn`, and PReLU with a slope for each channel, `NAME.prelu.weight`. */
export function batchNormPrelu(name: string, nChannels: number): Layer {
  return normalization(
    { name: `${name}.bn`, nChannels, slopeName: `${name}.prelu.weight` },
    TORCH_BATCH_NORM,
  );
}

function normalization(
  { name, nChannels, slopeName }: { name: string; nChannels: number; slopeName: string | null },
  { epsilon, momentum, isUnbiased }: BatchNormLayerOptions,
): Layer {
  const activation = slopeName ? 'prelu' : 'none';
  const parameter = (suffix: string, initializer: Initializer, isTrainable: boolean): ParameterSpec => ({
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
      ...(slopeName ? [{ ...parameter('', PRELU_SLOPE, true), name: slopeName }] : []),
    ],
    apply(x, { ops, store, isTraining }) {
      const slope = slopeName ? { slope: store.get<Tensor1D>(slopeName) } : {};
      const { gamma, beta, ...running } = batchNormVariables(store, name);
      const parameters = { gamma, beta, ...slope };
      const options = { epsilon, activation } as const;
      if (!isTraining) return ops.batchNormInference(x, { ...parameters, ...running }, options);
      const { output, mean, variance } = ops.batchNormTraining(x, parameters, options);
      updateRunningStatistics(store, name, { mean, variance, n: x.size / nChannels, momentum, isUnbiased });
      return output;
    },
  };
}
