import { checkOneOf, checkOptions, type OptionNames } from '@serial-oe/foundation';
import {
  cast,
  div,
  greater,
  maximum,
  mul,
  onesLike,
  type Scalar,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { binaryCrossEntropy, binaryCrossEntropyGradient } from './binary-cross-entropy';
import { checkTensor } from './check-tensor';
import { differentiableScalar } from './differentiable-scalar';

/** Stands in for a sum of weights that is 0, where the weighted sum is 0 as well. Far below any lambda that matters. */
export const SMALLEST_WEIGHT = 1e-30;

/**
 * Which samples count, and what their sum is divided by. The Serial-OE paper's Eq. 3 and the text beside it disagree:
 *
 * - `'normals'`, a reading of ours between the two: sample n with weight y_n, so that outliers do not count.
 * - `'all'`: every sample alike, outliers with an all-zero target; the reference implementation in steps with Mixup.
 * - `'printed'`, Eq. 3 to the letter: every sample alike, but divided by the sum of y instead of their number.
 * - `'text'`: samples that hold any normal sound, alike; mixtures of outliers alone do not count.
 */
export type IdNormalization = 'normals' | 'all' | 'printed' | 'text';

const NORMALIZATIONS: readonly IdNormalization[] = ['normals', 'all', 'printed', 'text'];

/** Options of {@link idLoss}. */
export interface IdLossOptions {
  /** Default 'normals'. */
  normalization?: IdNormalization;
}

export const ID_LOSS_OPTIONS: OptionNames<IdLossOptions> = { normalization: true };

/**
 * L_id of the Serial-OE paper (Eq. 2-3): binary cross-entropy of each machine ID's logit against t' = y * onehot(id).
 * With B_nc the cross-entropy of sample n and output c, C outputs, N samples and y_n = sum over c of t'_nc,
 *
 *     'normals':  sum_n y_n sum_c B_nc / (C sum_n y_n)
 *     'all':      sum_n sum_c B_nc / (C N)
 *     'printed':  sum_n sum_c B_nc / (C sum_n y_n)
 *     'text':     sum_n [y_n > 0] sum_c B_nc / (C sum_n [y_n > 0])
 *
 * With hard labels (y_n = 0 or 1) 'normals' and 'text' are the mean over the normal samples, which is also what the
 * reference implementation does in steps without Mixup. Under Mixup y_n is the share of normal sound in the sample.
 * Without any normal sound all but 'all' are 0, with zero gradient.
 *
 * Differentiable by the logits. Values are not read back from the backend, so NaN in gives NaN out: check the loss.
 * @param logits ID logits, `[batch, nMachineIds]`.
 * @param targets t', `[batch, nMachineIds]`, in [0, 1]: a row of an outlier is all zero.
 * @returns scalar, in nats.
 * @throws TypeError or RangeError for other shapes or an unknown normalization.
 * @example
 * const loss = idLoss(tensor2d([[1, -2], [0, 3]]), tensor2d([[1, 0], [0, 0]]), { normalization: 'normals' });
 */
export function idLoss(logits: Tensor, targets: Tensor, options: IdLossOptions = {}): Scalar {
  checkOptions('losses-mixup.idLoss', options, ID_LOSS_OPTIONS);
  const { normalization = 'normals' } = options;
  checkTensor('losses-mixup.idLoss: logits', logits, [-1, -1]);
  checkTensor('losses-mixup.idLoss: targets', targets, logits.shape);
  checkOneOf('losses-mixup.idLoss: normalization', normalization, NORMALIZATIONS);
  const shares = (t: Tensor): Tensor => {
    const y = sum(t, 1, true); // [batch, 1]
    const weights = sampleWeights(y, normalization);
    const total = sum(normalization === 'printed' ? y : weights);
    return div(weights, maximum(mul(total, t.shape[1]!), SMALLEST_WEIGHT));
  };
  return differentiableScalar({
    inputs: [logits],
    constants: [targets],
    value: ([x], [t]) => sum(mul(shares(t!), binaryCrossEntropy(x!, t!))) as Scalar,
    gradients: ([x], [t]) => [mul(shares(t!), binaryCrossEntropyGradient(x!, t!))],
  });
}

/** How much each sample counts, `[batch, 1]`. */
function sampleWeights(y: Tensor, normalization: IdNormalization): Tensor {
  switch (normalization) {
    case 'normals':
      return y;
    case 'all':
      return onesLike(y);
    case 'printed':
      return mul(onesLike(y), cast(greater(sum(y), 0), 'float32')); // nothing to divide by: nothing counts
    case 'text':
      return cast(greater(y, 0), 'float32');
  }
}
