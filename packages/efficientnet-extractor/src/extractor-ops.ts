import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';

/** Activation applied after BatchNorm: swish is x * sigmoid(x) (SiLU); prelu is x above 0 and slope x below. */
export type Activation = 'none' | 'swish' | 'prelu';

/**
 * Zeros around an image: TensorFlow's SAME (out = ceil(in / stride), the odd pixel of padding goes to the bottom and the
 * right), none, or so many rows above and below and columns to the left and right, `[[top, bottom], [left, right]]`.
 */
export type Padding = 'same' | 'valid' | readonly [readonly [number, number], readonly [number, number]];

export interface DepthwiseOptions {
  stride: number;
  /** Default 'same'. */
  padding?: Padding;
}

export interface ConvolutionOptions extends DepthwiseOptions {
  /** Whether x is the network's input, whose gradient nobody needs: it may be zeros. */
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

/** A convolution with the BatchNorm after it folded in; SAME padding. */
export interface FoldedConvolution {
  /** `[k, k, in, out]`, or `[k, k, channels, 1]` of a depthwise convolution. */
  filter: Tensor4D;
  /** `[out]` or `[channels]` */
  bias: Tensor1D;
}

/** An inverted-residual block with squeeze-excite: expand, depthwise, gate, project. */
export interface FoldedBlock {
  /** 1x1, followed by swish; null where the block begins with the depthwise convolution. */
  expand: FoldedConvolution | null;
  /** Followed by swish. */
  depthwise: FoldedConvolution;
  /** Of the depthwise convolution. */
  stride: number;
  squeezeExcite: SqueezeExciteWeights;
  /** 1x1, without activation. */
  project: FoldedConvolution;
  /** Whether the input is added to the output. */
  hasResidual: boolean;
}

/** The network up to its pooled features, for inference alone. */
export interface FoldedNetwork {
  /** Dense, followed by swish. */
  stem: FoldedConvolution;
  stemStride: number;
  blocks: readonly FoldedBlock[];
  /** 1x1, followed by swish and the mean over height and width. */
  head: FoldedConvolution;
}

/** A network whose weights have been copied into the form in which they are used. */
export interface PreparedNetwork {
  /** Pooled features `[batch, features]` of images `[batch, height, width, channels]`. */
  features(x: Tensor4D): Tensor2D;
  /** Frees the weights; the network is of no use afterwards. */
  dispose(): void;
}

/**
 * The operations that EfficientNet and other convolutional networks are made of. Tensors are NHWC float32.
 *
 * Every operation but `batchNormInference` is differentiable by `tf.grads` / `tf.variableGrads` with respect to
 * all its tensor arguments, without any gradient being registered in tfjs-core.
 */
export interface ExtractorOps {
  /** Names the implementation in messages and reports. */
  readonly name: string;
  /** Dense convolution, `x [batch, h, w, in]`, `filter [kh, kw, in, out]`. */
  conv2d(x: Tensor4D, filter: Tensor4D, options: ConvolutionOptions): Tensor4D;
  /** 1x1 convolution, `filter [1, 1, in, out]`. */
  pointwiseConv2d(x: Tensor4D, filter: Tensor4D): Tensor4D;
  /** Depthwise convolution, `filter [kh, kw, channels, 1]`. */
  depthwiseConv2d(x: Tensor4D, filter: Tensor4D, options: DepthwiseOptions): Tensor4D;
  /** BatchNorm by the statistics of the batch, over batch, height and width. */
  batchNormTraining(
    x: Tensor4D,
    parameters: BatchNormParameters,
    options: BatchNormOptions,
  ): BatchNormTrainingResult;
  /** BatchNorm by running statistics. Has no gradient. */
  batchNormInference(x: Tensor4D, statistics: BatchNormStatistics, options: BatchNormOptions): Tensor4D;
  /**
   * x + bias (none where it is null), and below 0 times the slope, a number in [0, 1]: 0 is ReLU, 1 nothing but the bias.
   */
  biasLeakyRelu(x: Tensor4D, bias: Tensor1D | null, slope: number): Tensor4D;
  /** x * sigmoid(expand(swish(reduce(mean over h, w of x)))), broadcast over h and w. */
  squeezeExcite(x: Tensor4D, weights: SqueezeExciteWeights): Tensor4D;
  /** Mean over height and width, `[batch, channels]`. */
  globalAveragePool(x: Tensor4D): Tensor2D;
  /** Residual connection. */
  add(a: Tensor4D, b: Tensor4D): Tensor4D;
  /**
   * Says that the forward pass has made its last use of x. An implementation that keeps what its gradients need
   * by itself may free x now; one that relies on the tape does nothing.
   */
  release(x: Tensor): void;
  /**
   * Copies the weights of a network for `fuseForInference`; the tensors stay the caller's. An implementation
   * without it gets tfjs's fused kernels there.
   */
  prepareInference?(network: FoldedNetwork): PreparedNetwork;
}
