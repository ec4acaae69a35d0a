import { asRows, type ParameterSpec, spatialMean } from '@serial-oe/efficientnet-extractor/layers';
import {
  add,
  matMul,
  mul,
  ones,
  reshape,
  rsqrt,
  square,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { ONE, ZERO } from './initializers';
import type { Layer } from './layer';

/** PyTorch's default. */
const EPSILON = 1e-5;

/**
 * LayerNorm over time of courses `[batch, 1, nFrames, channels]`: each channel of each sample has mean 0 and variance 1, then a
 * factor and a summand for each frame, `NAME.weight` and `NAME.bias`, `[nFrames]`.
 */
export function timeLayerNorm(name: string, nFrames: number): Layer {
  const parameter = (suffix: string, initializer: typeof ONE): ParameterSpec => ({
    name: `${name}.${suffix}`,
    shape: [nFrames],
    initializer,
    isTrainable: true,
  });
  const overFrames = (x: Tensor) => reshape(x, [1, 1, nFrames, 1]) as Tensor4D;
  return {
    parameters: [parameter('weight', ONE), parameter('bias', ZERO)],
    apply(x, { differentiable, store }) {
      const [gamma, beta] = [store.get<Tensor1D>(`${name}.weight`), store.get<Tensor1D>(`${name}.bias`)];
      return differentiable<Tensor4D>(
        [x, gamma, beta],
        () => {
          const centred = sub(x, timeMean(x)) as Tensor4D;
          const inverse = rsqrt(add(timeMean(square(centred)), EPSILON)) as Tensor4D;
          const normalised = mul(centred, inverse) as Tensor4D;
          const value = add(mul(normalised, overFrames(gamma)), overFrames(beta)) as Tensor4D;
          return { value, saved: [normalised, inverse, gamma] };
        },
        (dy, [savedNormalised, inverse, savedGamma]) => {
          const normalised = savedNormalised as Tensor4D;
          const scaled = mul(dy, overFrames(savedGamma!)) as Tensor4D;
          const products = mul(scaled, normalised) as Tensor4D;
          const rest = add(timeMean(scaled), mul(normalised, timeMean(products)));
          return [
            mul(sub(scaled, rest), inverse!),
            frameSums(mul(dy, normalised) as Tensor4D),
            frameSums(dy),
          ];
        },
      );
    },
  };
}

/** `[batch, 1, 1, channels]` */
function timeMean(x: Tensor4D): Tensor4D {
  return reshape(spatialMean(x), [x.shape[0], 1, 1, x.shape[3]]);
}

/** Sum over batch and channels, `[nFrames]`; by matrix products, which are fast on every backend. */
function frameSums(x: Tensor4D): Tensor1D {
  const [batch, , nFrames, nChannels] = x.shape;
  const channels = matMul(asRows(x), ones([nChannels, 1]) as Tensor2D);
  const sums = matMul(ones([1, batch]) as Tensor2D, reshape(channels, [batch, nFrames]));
  return reshape(sums, [nFrames]);
}
