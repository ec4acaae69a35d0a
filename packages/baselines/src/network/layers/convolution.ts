import { type Padding, type ParameterSpec, spatialSum } from '@serial-oe/efficientnet-extractor/layers';
import {
  matMul,
  mul,
  ones,
  reshape,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { type ConvolutionInitializer, ZERO } from './initializers';
import type { Layer } from './layer';

type Shape2D = readonly [height: number, width: number];

export interface ConvolutionLayerOptions {
  kernelShape: Shape2D;
  nIn: number;
  nOut: number;
  initializer: ConvolutionInitializer;
  stride?: number;
  padding?: Padding;
  /** Whether a bias follows, which starts at 0; or how it starts. Default none. */
  bias?: boolean | ConvolutionInitializer;
  /** Slope below 0 of the leaky ReLU that follows the bias, in [0, 1]; default 1, which is none. */
  slope?: number;
  /** Whether x is the network's input, whose gradient nobody needs. */
  isInput?: boolean;
}

/** Dense convolution, `NAME.weight [kh, kw, in, out]` and, where wanted, `NAME.bias [out]`. */
export function convolution(
  name: string,
  {
    kernelShape: [height, width],
    nIn,
    nOut,
    initializer,
    stride = 1,
    padding = 'same',
    bias = false,
    slope = 1,
    isInput = false,
  }: ConvolutionLayerOptions,
): Layer {
  const fans = { fanIn: height * width * nIn, fanOut: height * width * nOut };
  const weight: ParameterSpec = {
    name: `${name}.weight`,
    shape: [height, width, nIn, nOut],
    initializer: initializer(fans),
    isTrainable: true,
  };
  const biases: ParameterSpec[] = bias
    ? [
        {
          name: `${name}.bias`,
          shape: [nOut],
          initializer: bias === true ? ZERO : bias(fans),
          isTrainable: true,
        },
      ]
    : [];
  const isPointwise = height === 1 && width === 1 && stride === 1;
  return {
    parameters: [weight, ...biases],
    apply(x, { ops, store }) {
      const filter = store.get<Tensor4D>(weight.name);
      const y = isPointwise
        ? ops.pointwiseConv2d(x, filter)
        : ops.conv2d(x, filter, { stride, padding, isInput });
      if (biases.length === 0 && slope === 1) return y;
      return ops.biasLeakyRelu(y, bias ? store.get<Tensor1D>(`${name}.bias`) : null, slope);
    },
  };
}

export interface DepthwiseLayerOptions {
  kernelShape: Shape2D;
  nChannels: number;
  initializer: ConvolutionInitializer;
  stride?: number;
  padding?: Padding;
}

/** A filter of its own for each channel, `NAME.weight [kh, kw, channels, 1]`. */
export function depthwiseConvolution(
  name: string,
  { kernelShape, nChannels, initializer, stride = 1, padding = 'same' }: DepthwiseLayerOptions,
): Layer {
  const weight = depthwiseWeight(name, { kernelShape, nChannels, initializer });
  return {
    parameters: [weight],
    apply: (x, { ops, store }) =>
      ops.depthwiseConv2d(x, store.get<Tensor4D>(weight.name), { stride, padding }),
  };
}

/** A depthwise convolution whose kernel is as large as the image: a weighted sum of each channel, `[batch, 1, 1, channels]`. */
export function globalDepthwiseConvolution(
  name: string,
  options: Pick<DepthwiseLayerOptions, 'kernelShape' | 'nChannels' | 'initializer'>,
): Layer {
  const weight = depthwiseWeight(name, options);
  const [height, width] = options.kernelShape;
  const nChannels = options.nChannels;
  return {
    parameters: [weight],
    apply: (x, { store, differentiable, countProducts }) => {
      countProducts?.(x.size);
      return differentiable<Tensor4D>(
        [x, store.get<Tensor4D>(weight.name)],
        () => {
          const filter = store.get<Tensor4D>(weight.name);
          const product = mul(x, reshape(filter, [1, height, width, nChannels])) as Tensor4D;
          return { value: reshape(spatialSum(product), [-1, 1, 1, nChannels]), saved: [x, filter] };
        },
        (dy, [savedX, savedFilter]) => {
          const products = reshape(mul(savedX!, dy), [x.shape[0], -1]) as Tensor2D;
          const sums = matMul(ones([1, x.shape[0]]) as Tensor2D, products);
          return [
            mul(dy, reshape(savedFilter!, [1, height, width, nChannels])),
            reshape(sums, [height, width, nChannels, 1]),
          ];
        },
      );
    },
  };
}

function depthwiseWeight(
  name: string,
  {
    kernelShape: [height, width],
    nChannels,
    initializer,
  }: Pick<DepthwiseLayerOptions, 'kernelShape' | 'nChannels' | 'initializer'>,
): ParameterSpec {
  return {
    name: `${name}.weight`,
    shape: [height, width, nChannels, 1],
    // MobileFaceNet's fan-out counts all channels though each meets one; the fan-in is that of the one.
    initializer: initializer({ fanIn: height * width, fanOut: height * width * nChannels }),
    isTrainable: true,
  };
}

/** A dense layer: a 1x1 convolution of vectors `[batch, 1, 1, in]`. */
export function dense(
  name: string,
  options: Pick<ConvolutionLayerOptions, 'nIn' | 'nOut' | 'initializer' | 'bias'>,
): Layer {
  return convolution(name, { kernelShape: [1, 1], ...options });
}
