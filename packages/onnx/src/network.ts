// The network that is exported, as plain data. `inferenceNetwork` of @serial-oe/efficientnet-extractor makes one; the shapes are
// matched structurally, so that neither package needs the other.

/** One tensor, row-major. */
export interface OnnxWeight {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A convolution with TensorFlow's SAME padding. */
export interface OnnxConvolution {
  readonly name: string;
  /** `[size, size, in, out]`; depthwise `[size, size, channels, 1]`. */
  readonly filter: OnnxWeight;
  /** `[out]` */
  readonly bias: OnnxWeight;
  readonly stride: number;
  readonly isDepthwise: boolean;
  /** swish(x) = x sigmoid(x). */
  readonly activation: 'swish' | 'none';
}

/** x W + b. */
export interface OnnxLinear {
  readonly name: string;
  /** `[in, out]` */
  readonly weight: OnnxWeight;
  /** `[out]` */
  readonly bias: OnnxWeight;
}

/** One inverted-residual block of EfficientNet. */
export interface OnnxBlock {
  readonly name: string;
  readonly expand: OnnxConvolution | null;
  readonly depthwise: OnnxConvolution;
  /** Factors of the channels: sigmoid(expand(swish(reduce(spatial mean)))). */
  readonly squeezeExcite: { readonly reduce: OnnxLinear; readonly expand: OnnxLinear };
  readonly project: OnnxConvolution;
  /** Whether the block's input is added to its output. */
  readonly hasResidual: boolean;
}

/** An extractor whose BatchNorms are folded away, in the order of the forward pass. */
export interface OnnxNetwork {
  /** `[nMels, nFrames]` */
  readonly inputShape: readonly [number, number];
  readonly embeddingSize: number;
  readonly stem: OnnxConvolution;
  readonly blocks: readonly OnnxBlock[];
  /** Its spatial mean goes into the neck. */
  readonly head: OnnxConvolution;
  /** linear2(prelu(linear1(features))), prelu(x) = max(x, 0) + slope min(x, 0). */
  readonly neck: { readonly linear1: OnnxLinear; readonly slope: number; readonly linear2: OnnxLinear };
}
