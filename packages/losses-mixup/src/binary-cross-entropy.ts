import { abs, add, exp, log1p, mul, neg, relu, sigmoid, sub, type Tensor } from '@tensorflow/tfjs-core';

/**
 * Binary cross-entropy of logits x against targets t in [0, 1], elementwise (tensors of one shape):
 *
 *     -t log sigmoid(x) - (1 - t) log(1 - sigmoid(x)) = log(1 + e^x) - t x
 *                                                     = max(x, 0) - t x + log1p(e^-|x|)
 *
 * The last form neither overflows nor cancels. It is PyTorch's `binary_cross_entropy_with_logits`.
 */
export function binaryCrossEntropy(logits: Tensor, targets: Tensor): Tensor {
  return add(sub(relu(logits), mul(logits, targets)), log1p(exp(neg(abs(logits)))));
}

/** Its derivative by the logits, sigmoid(x) - t. */
export function binaryCrossEntropyGradient(logits: Tensor, targets: Tensor): Tensor {
  return sub(sigmoid(logits), targets);
}
