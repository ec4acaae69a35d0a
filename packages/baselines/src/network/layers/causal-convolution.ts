import type { Padding, ParameterSpec } from '@serial-oe/efficientnet-extractor/layers';
import { pad, reshape, slice, type Tensor4D } from '@tensorflow/tfjs-core';
import type { ConvolutionInitializer } from './initializers';
import type { Layer } from './layer';

export interface CausalConvolutionOptions {
  nIn: number;
  nOut: number;
  kernelSize: number;
  initializer: ConvolutionInitializer;
  /** Frames between neighbouring taps, default 1. */
  dilation?: number;
}

/**
 * A convolution over courses `[batch, 1, nFrames, channels]` whose last tap is the present frame, without bias,
 * `NAME.weight [1, kernelSize, in, out]`.
 *
 * With a dilation of d the course is written in lines of d frames: neighbouring taps stand above each other there, so that an
 * ordinary convolution downwards serves, which is fast on every backend.
 */
export function causalConvolution(
  name: string,
  { nIn, nOut, kernelSize, initializer, dilation = 1 }: CausalConvolutionOptions,
): Layer {
  const weight: ParameterSpec = {
    name: `${name}.weight`,
    shape: [1, kernelSize, nIn, nOut],
    initializer: initializer({ fanIn: kernelSize * nIn, fanOut: kernelSize * nOut }),
    isTrainable: true,
  };
  const padding: Padding = [
    [kernelSize - 1, 0],
    [0, 0],
  ];
  return {
    parameters: [weight],
    apply(x, { ops, store, differentiable }) {
      const nFrames = x.shape[2];
      const nLines = Math.ceil(nFrames / dilation);
      const lines = differentiable<Tensor4D>(
        [x],
        () => ({ value: inLines(x, nLines, dilation), saved: [] }),
        (dy) => [inOneLine(dy, nFrames)],
      );
      const filter = differentiable<Tensor4D>(
        [store.get<Tensor4D>(weight.name)],
        () => ({ value: turned(store.get<Tensor4D>(weight.name)), saved: [] }),
        (dy) => [turned(dy)],
      );
      const y = ops.conv2d(lines, filter, { stride: 1, padding });
      return differentiable<Tensor4D>(
        [y],
        () => ({ value: inOneLine(y, nFrames), saved: [] }),
        (dy) => [inLines(dy, nLines, dilation)],
      );
    },
  };
}

/** `[1, k, in, out]` and `[k, 1, in, out]` are the same values. */
function turned(filter: Tensor4D): Tensor4D {
  const [height, width, nIn, nOut] = filter.shape;
  return reshape(filter, [width, height, nIn, nOut]);
}

/** `[batch, 1, nFrames, channels]` -> `[batch, nLines, dilation, channels]`, with zeros after the last frame. */
function inLines(x: Tensor4D, nLines: number, dilation: number): Tensor4D {
  const [batch, , nFrames, nChannels] = x.shape;
  const nMissing = nLines * dilation - nFrames;
  const whole =
    nMissing === 0
      ? x
      : pad(x, [
          [0, 0],
          [0, 0],
          [0, nMissing],
          [0, 0],
        ]);
  return reshape(whole, [batch, nLines, dilation, nChannels]);
}

function inOneLine(x: Tensor4D, nFrames: number): Tensor4D {
  const [batch, nLines, dilation, nChannels] = x.shape;
  const line = reshape(x, [batch, 1, nLines * dilation, nChannels]) as Tensor4D;
  return nLines * dilation === nFrames ? line : slice(line, [0, 0, 0, 0], [batch, 1, nFrames, nChannels]);
}
