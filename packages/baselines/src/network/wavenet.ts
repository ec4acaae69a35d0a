import type { Tensor4D } from '@tensorflow/tfjs-core';
import { relu } from './layers/activations';
import { batchNorm } from './layers/batch-norm';
import { causalConvolution } from './layers/causal-convolution';
import { convolution, globalDepthwiseConvolution } from './layers/convolution';
import { gated } from './layers/gate';
import { heFanOut } from './layers/initializers';
import { type Layer, type LayerContext, sequence } from './layers/layer';

export interface WavenetOptions {
  /** Channels of the courses that come in. */
  nIn: number;
  /** The last convolution over time is as long. */
  nFrames: number;
  /** Channels within. */
  nHidden: number;
  /** Length of the feature. */
  nOut: number;
  /** Repetitions of the dilations 1, 2, 4, 8. */
  nCycles: number;
}

const DILATIONS = [1, 2, 4, 8] as const;

/**
 * One WaveNet of SW-WaveNet (Chen et al., ICASSP 2023): courses `[batch, 1, nFrames, nIn]` to a feature `[batch, 1, 1, nOut]`.
 * A causal convolution of 2 frames; residual layers, each the gate of two causal convolutions of 3 frames, whose 1x1 f goes
 * on with the input added and, by another 1x1, to the sum of skips; BatchNorm, ReLU, a weighted sum over time of each
 * channel, BatchNorm, 1x1.
 */
export function wavenet(name: string, { nIn, nFrames, nHidden, nOut, nCycles }: WavenetOptions): Layer {
  const initializer = heFanOut;
  const first = causalConvolution(`${name}.causal`, { nIn, nOut: nHidden, kernelSize: 2, initializer });
  const residuals = Array.from({ length: nCycles }, () => DILATIONS)
    .flat()
    .map((dilation, i) => residualLayer(`${name}.layers.${i}`, nHidden, dilation));
  const last = sequence(
    batchNorm(`${name}.skip_bn`, nHidden),
    relu(),
    globalDepthwiseConvolution(`${name}.time.conv_dw`, {
      kernelShape: [1, nFrames],
      nChannels: nHidden,
      initializer,
    }),
    batchNorm(`${name}.time.bn`, nHidden),
    pointwise(`${name}.feature`, { nIn: nHidden, nOut, bias: false }),
  );
  return {
    parameters: [first, ...residuals, last].flatMap(({ parameters }) => parameters),
    apply(x, context) {
      let h = first.apply(x, context);
      const skips = residuals.map((layer) => {
        const { output, skip } = layer.both(h, context);
        h = output;
        return skip;
      });
      const total = skips.reduce((sum, skip) => context.ops.add(sum, skip));
      return last.apply(total, context);
    },
  };
}

interface ResidualLayer {
  parameters: Layer['parameters'];
  both(x: Tensor4D, context: LayerContext): { output: Tensor4D; skip: Tensor4D };
}

function residualLayer(name: string, nHidden: number, dilation: number): ResidualLayer {
  const branch = (part: string) => {
    const sizes = { nIn: nHidden, nOut: nHidden, kernelSize: 3, dilation, initializer: heFanOut };
    return sequence(
      causalConvolution(`${name}.${part}.conv`, sizes),
      batchNorm(`${name}.${part}.bn`, nHidden),
    );
  };
  const [signal, gate] = [branch('signal'), branch('gate')];
  const sizes = { nIn: nHidden, nOut: nHidden, bias: true };
  const residual = pointwise(`${name}.residual`, sizes);
  const skip = pointwise(`${name}.skip`, sizes);
  return {
    parameters: [signal, gate, residual, skip].flatMap(({ parameters }) => parameters),
    both(x, context) {
      const opened = gated(context.differentiable, signal.apply(x, context), gate.apply(x, context));
      const f = residual.apply(opened, context);
      return { output: context.ops.add(f, x), skip: skip.apply(f, context) };
    },
  };
}

function pointwise(name: string, sizes: { nIn: number; nOut: number; bias: boolean }): Layer {
  return convolution(name, { kernelShape: [1, 1], initializer: heFanOut, ...sizes });
}
