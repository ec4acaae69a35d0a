import {
  add,
  clone,
  greater,
  keep,
  minimum,
  mul,
  prelu,
  reshape,
  rsqrt,
  square,
  sub,
  type Tensor,
  type Tensor1D,
  tidy,
  where,
} from '@tensorflow/tfjs-core';
import type {
  Activation,
  BatchNormOptions,
  BatchNormParameters,
  BatchNormStatistics,
} from '../extractor-ops';
import type { Differentiable } from './differentiable';
import { channelSums } from './reductions';
import { scaleAndShift } from './scale-and-shift';
import { swish, swishDerivative } from './swish';

export interface NormalizedBatch<T extends Tensor> {
  output: T;
  mean: Tensor1D;
  variance: Tensor1D;
}

/**
 * BatchNorm by the statistics of the batch and the activation, as one node of the tape. Statistics are taken over
 * all axes but the last.
 *
 * The variance is the mean square of the centred values (two passes), because E[x^2] - E[x]^2 loses digits where the
 * mean is large against the spread. Only the centred input is saved; the activation's argument is computed again.
 * With c = x - mean, r = 1 / sqrt(variance + epsilon), n values a channel and dz the gradient of z = gamma r c + beta:
 *   dbeta = sum dz,  dgamma = r sum(dz c),  dx = gamma r (dz - dbeta / n - c r dgamma / n).
 */
export function batchNormTraining<T extends Tensor>(
  differentiable: Differentiable,
  { x, gamma, beta, slope }: BatchNormParameters & { x: T },
  { epsilon, activation }: BatchNormOptions,
): NormalizedBatch<T> {
  const n = x.size / x.shape[x.rank - 1]!;
  const statistics: Tensor1D[] = [];
  const output = differentiable<T>(
    slope ? [x, gamma, beta, slope] : [x, gamma, beta],
    () => {
      const mean = mul(channelSums(x), 1 / n);
      const centred = sub(x, mean) as T;
      const variance = mul(channelSums(tidy(() => square(centred))), 1 / n);
      const inverse = rsqrt(add(variance, epsilon));
      statistics.push(keep(mean as Tensor1D), keep(variance as Tensor1D));
      const value = tidy(() => {
        const z = scaleAndShift(centred, mul(gamma, inverse), beta);
        return activate(z, activation, slope);
      });
      return { value, saved: [centred, inverse, gamma, beta, ...(slope ? [slope] : [])] };
    },
    (dy, [centred, inverse, g, b, savedSlope]) => {
      const scale = mul(g!, inverse!);
      const ofZ = () => scaleAndShift(centred as T, scale as Tensor1D, b as Tensor1D);
      const dz =
        activation === 'none'
          ? reshape(dy, dy.shape)
          : tidy(() => (savedSlope ? preluGradient(dy, ofZ(), savedSlope) : mul(dy, swishDerivative(ofZ()))));
      const dSlope = savedSlope ? [channelSums(tidy(() => mul(dy, minimum(ofZ(), 0))))] : [];
      const dBeta = channelSums(dz);
      const dGamma = mul(channelSums(tidy(() => mul(dz, centred!))), inverse!);
      const slope = mul(mul(scale, inverse!), mul(dGamma, -1 / n));
      const offset = mul(scale, mul(dBeta, -1 / n));
      const dx = tidy(() =>
        add(scaleAndShift(dz, scale as Tensor1D, offset as Tensor1D), mul(centred!, slope)),
      );
      return [dx, dGamma, dBeta, ...dSlope];
    },
  );
  // Clones belong to the caller's tidy, as every result does; the originals had to outlive the node's own.
  const [mean, variance] = statistics.map((kept) => {
    const result = clone(kept);
    kept.dispose();
    return result;
  });
  return { output, mean: mean!, variance: variance! };
}

/** BatchNorm by running statistics, then the activation. */
export function batchNormInference<T extends Tensor>(
  x: T,
  { gamma, beta, mean, variance, slope }: BatchNormStatistics,
  { epsilon, activation }: BatchNormOptions,
): T {
  return tidy(() => {
    const scale: Tensor1D = mul(gamma, rsqrt(add(variance, epsilon)));
    const z = scaleAndShift(x, scale, sub(beta, mul(mean, scale)));
    return activate(z, activation, slope);
  });
}

function activate<T extends Tensor>(z: T, activation: Activation, slope: Tensor | undefined): T {
  if (activation === 'prelu') return prelu(z, overRows(slope!, z.rank)) as T;
  return activation === 'swish' ? swish(z) : z;
}

/** dy above 0, slope dy below. */
function preluGradient(dy: Tensor, z: Tensor, slope: Tensor): Tensor {
  return where(greater(z, 0), dy, mul(dy, slope));
}

/** `[channels]` with axes of length 1 in front; tfjs's kernel of PReLU wants as many as its input has. */
function overRows(slope: Tensor, rank: number): Tensor {
  return reshape(slope, [...Array<number>(rank - 1).fill(1), slope.size]);
}
