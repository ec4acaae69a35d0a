import type { Initializer } from '@serial-oe/efficientnet-extractor/layers';

/** How the weights of a convolution start, by the values under a window, and by those and the outputs that each input meets. */
export type ConvolutionInitializer = (fans: { fanIn: number; fanOut: number }) => Initializer;

/** Normal with variance 2 / (k k out): He et al. (2015) by the fan-out, as MobileFaceNet's. */
export const heFanOut: ConvolutionInitializer = ({ fanOut }) => ({
  kind: 'normal',
  std: Math.sqrt(2 / fanOut),
});

/** Uniform within sqrt(6 / (fan-in + fan-out)): Glorot and Bengio (2010), Keras' default. */
export const glorotUniform: ConvolutionInitializer = ({ fanIn, fanOut }) => ({
  kind: 'uniform',
  bound: Math.sqrt(6 / (fanIn + fanOut)),
});

/** Uniform within 1 / sqrt(fan-in): PyTorch's default for convolutions, dense layers and their biases. */
export const torchUniform: ConvolutionInitializer = ({ fanIn }) => ({
  kind: 'uniform',
  bound: 1 / Math.sqrt(fanIn),
});

export const ONE: Initializer = { kind: 'constant', value: 1 };
export const ZERO: Initializer = { kind: 'constant', value: 0 };
