import { checkOptions, type OptionNames } from '@serial-oe/foundation';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { checkTensor } from './check-tensor';
import { differentiableScalar } from './differentiable-scalar';
import {
  checkWeighting,
  softmaxCrossEntropy,
  softmaxCrossEntropyGradient,
  softmaxTargets,
  type TargetWeighting,
} from './softmax-targets';

/** Options of {@link crossEntropyIdLoss}. */
export interface CrossEntropyIdLossOptions {
  /** Default 'equal'. */
  weighting?: TargetWeighting;
}

const OPTIONS: OptionNames<CrossEntropyIdLossOptions> = { weighting: true };

/**
 * Softmax cross-entropy over the machine IDs, the first alternative to L_id in the Serial-OE paper (Table 3).
 * With s_n the sum of row n of the targets and q_n = t'_n / s_n,
 *
 *     sum_n w_n sum_c -q_nc log softmax(x_n)_c / sum_n w_n,   w_n = 1 where s_n > 0 ('equal') or w_n = s_n ('target')
 *
 * Rows with an all-zero target (outliers) do not count; without any other row the loss is 0, with zero gradient.
 *
 * Differentiable by the logits. Values are not read back from the backend, so NaN in gives NaN out: check the loss.
 * @param logits `[batch, nMachineIds]`.
 * @param targets t' = y * onehot(id), `[batch, nMachineIds]`, at least 0.
 * @returns scalar, in nats.
 * @throws TypeError or RangeError for other shapes or an unknown weighting.
 * @example
 * outlierExposureLoss({ typeLogits, idLogits, y, targets }, { idLoss: crossEntropyIdLoss });
 */
export function crossEntropyIdLoss(
  logits: Tensor,
  targets: Tensor,
  options: CrossEntropyIdLossOptions = {},
): Scalar {
  checkOptions('losses-mixup.crossEntropyIdLoss', options, OPTIONS);
  const { weighting = 'equal' } = options;
  checkTensor('losses-mixup.crossEntropyIdLoss: logits', logits, [-1, -1]);
  checkTensor('losses-mixup.crossEntropyIdLoss: targets', targets, logits.shape);
  checkWeighting('losses-mixup.crossEntropyIdLoss: weighting', weighting);
  return differentiableScalar({
    inputs: [logits],
    constants: [targets],
    value: ([x], [t]) => softmaxCrossEntropy(x!, softmaxTargets(t!, weighting)) as Scalar,
    gradients: ([x], [t]) => [softmaxCrossEntropyGradient(x!, softmaxTargets(t!, weighting))],
  });
}
