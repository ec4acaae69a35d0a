import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { SqueezeExciteWeights } from '../ops/squeeze-excite-weights';

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

/** A network of the EfficientNet family up to its pooled features, for inference alone. */
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
