import { show } from '@serial-oe/foundation';
import { add, fill, mul, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { checkTensor } from './check-tensor';
import { differentiableScalar } from './differentiable-scalar';

/**
 * Sum of scalars, each times its weight, differentiable by the scalars without any registered gradient.
 * @param scalars one or more scalar tensors.
 * @param weights as many finite numbers.
 * @throws TypeError or RangeError for other shapes, counts or weights.
 * @example
 * const loss = weightedSum([typeLoss(a, y), idLoss(b, targets)], [1, 10]);
 */
export function weightedSum(scalars: readonly Scalar[], weights: readonly number[]): Scalar {
  if (scalars.length === 0 || scalars.length !== weights.length || !weights.every(Number.isFinite)) {
    throw new RangeError(
      `losses-mixup.weightedSum: weights must be finite, one for each of 1 or more scalars, got ${show(weights)} for ${scalars.length} scalars.`,
    );
  }
  scalars.forEach((scalar, i) => {
    checkTensor(`losses-mixup.weightedSum: scalars[${i}]`, scalar, []);
  });
  return differentiableScalar({
    inputs: scalars,
    constants: [],
    value: (terms) =>
      terms
        .map((term, i) => mul(term, weights[i]!))
        .reduce((total: Tensor, term) => add(total, term)) as Scalar,
    gradients: () => weights.map((weight) => fill([], weight)),
  });
}
