import { div, type Scalar, sum, type Tensor } from '@tensorflow/tfjs-core';
import { binaryCrossEntropy, binaryCrossEntropyGradient } from './binary-cross-entropy';
import { checkTensor } from './check-tensor';
import { differentiableScalar } from './differentiable-scalar';

/**
 * L_type of the Serial-OE paper (Eq. 1): binary cross-entropy of the type logit against y, mean over the batch.
 *
 * Differentiable by the logits. Values are not read back from the backend, so NaN in gives NaN out: check the loss.
 * @param logits type logits, `[batch]`.
 * @param y 1 for normal sounds of the target machine type, 0 for outliers (pseudo-anomalies and known
 * anomalies), in between under Mixup; `[batch]`.
 * @returns scalar, in nats.
 * @throws TypeError or RangeError for anything but tensors of these shapes.
 * @example
 * const loss = typeLoss(tensor1d([2.1, -0.3]), tensor1d([1, 0]));
 */
export function typeLoss(logits: Tensor, y: Tensor): Scalar {
  checkTensor('losses-mixup.typeLoss: logits', logits, [-1]);
  checkTensor('losses-mixup.typeLoss: y', y, logits.shape);
  return differentiableScalar({
    inputs: [logits],
    constants: [y],
    value: ([x], [t]) => sum(div(binaryCrossEntropy(x!, t!), x!.size)) as Scalar,
    gradients: ([x], [t]) => [div(binaryCrossEntropyGradient(x!, t!), x!.size)],
  });
}
