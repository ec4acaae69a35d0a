import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Padding } from '../convolution/image-geometry';
import type { FoldedNetwork, PreparedNetwork } from '../inference/folded-network';
import type { SqueezeExciteWeights } from './squeeze-excite-weights';

/** Activation applied after BatchNorm: swish is x * sigmoid(x) (SiLU); prelu is x above 0 and slope x below. */
export type Activation = 'none' | 'swish' | 'prelu';

export interface DepthwiseOptions {
  stride: number;
  /** Default 'same'. */
  padding?: Padding;
}

export interface ConvolutionOptions extends DepthwiseOptions {
  /** Whether x is the network's input, whose gradient nobody needs: it is zeros then. */
  isInput?: boolean;
}

export interface BatchNormOptions {
  /** Added to the variance before the square root. */
  epsilon: number;
  activation: Activation;
}

export interface BatchNormTrainingResult {
  /** Normalised, scaled, shifted and activated input, same shape as x. */
  output: Tensor4D;
  /** Mean of the batch, `[channels]`. Takes no part in differentiation. */
  mean: Tensor1D;
  /** Biased variance of the batch (divided by n), `[channels]`. Takes no part in differentiation. */
  variance: Tensor1D;
}

export interface BatchNormParameters {
  gamma: Tensor1D;
  beta: Tensor1D;
  /** Of PReLU, `[channels]`; there if and only if it is the activation. */
  slope?: Tensor1D;
}

export interface BatchNormStatistics extends BatchNormParameters {
  mean: Tensor1D;
  variance: Tensor1D;
}

/**
 * The operations that EfficientNet is made of: the interface `ExtractorOps` of `@serial-oe/efficientnet-extractor`,
 * matched by structure. Tensors are NHWC float32.
 *
 * Every operation but `batchNormInference` is differentiable by `tf.grads` and `tf.variableGrads` with respect to all
 * its tensor arguments, without any gradient being registered in tfjs-core.
 */
export interface WasmOps {
  /** `wasm-simd` or `wasm-relaxed-simd`. */
  readonly name: string;
  /** Dense convolution, `x [batch, h, w, in]`, `filter [kh, kw, in, out]`. */
  conv2d(x: Tensor4D, filter: Tensor4D, options: ConvolutionOptions): Tensor4D;
  /** 1x1 convolution, `filter [1, 1, in, out]`. */
  pointwiseConv2d(x: Tensor4D, filter: Tensor4D): Tensor4D;
  /** Depthwise convolution, `filter [kh, kw, channels, 1]`. */
  depthwiseConv2d(x: Tensor4D, filter: Tensor4D, options: DepthwiseOptions): Tensor4D;
  /** BatchNorm by the statistics of the batch, over batch, height and width, and the activation. */
  batchNormTraining(
    x: Tensor4D,
    parameters: BatchNormParameters,
    options: BatchNormOptions,
  ): BatchNormTrainingResult;
  /** BatchNorm by running statistics, and the activation. Has no gradient. */
  batchNormInference(x: Tensor4D, statistics: BatchNormStatistics, options: BatchNormOptions): Tensor4D;
  /**
   * x + bias (none where it is null), and below 0 times the slope: 0 is ReLU, 1 nothing but the
   * bias.
   */
  biasLeakyRelu(x: Tensor4D, bias: Tensor1D | null, slope: number): Tensor4D;
  /** x * sigmoid(expand(swish(reduce(mean over h, w of x)))), broadcast over h and w. */
  squeezeExcite(x: Tensor4D, weights: SqueezeExciteWeights): Tensor4D;
  /** Mean over height and width, `[batch, channels]`. */
  globalAveragePool(x: Tensor4D): Tensor2D;
  /** Residual connection. */
  add(a: Tensor4D, b: Tensor4D): Tensor4D;
  /** Says that the forward pass has made its last use of x; disposes it. What gradients need is kept by the tape. */
  release(x: Tensor): void;
  /** Copies the weights of a network into the form that inference alone needs; much faster than the operations above. */
  prepareInference(network: FoldedNetwork): PreparedNetwork;
}
