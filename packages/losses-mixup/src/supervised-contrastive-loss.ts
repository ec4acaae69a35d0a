import { ABOVE_ZERO, checkNumber, checkOptions, type OptionNames } from '@serial-oe/foundation';
import {
  add,
  div,
  exp,
  eye,
  greater,
  matMul,
  maximum,
  mul,
  neg,
  type Scalar,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  transpose,
} from '@tensorflow/tfjs-core';
import { checkTensor } from './check-tensor';
import { cosineSimilarity, cosineSimilarityGradients } from './cosine-similarity';
import { differentiableScalar } from './differentiable-scalar';
import { logSumExp } from './softmax-targets';

/** Options of {@link supervisedContrastiveLoss}. */
export interface SupervisedContrastiveLossOptions {
  /** tau, above 0; default 0.1. */
  temperature?: number;
}

const OPTIONS: OptionNames<SupervisedContrastiveLossOptions> = { temperature: true };

/** Takes a sample out of its own softmax: exp(-1e9) is 0, and 1e9 is far within float32. */
const NEVER = 1e9;

/**
 * Supervised contrastive loss (Khosla et al., NeurIPS 2020, Eq. 2, "outside" form) of a batch. With z the embeddings over their
 * norms, P(i) the other samples of i's class, and A(i) all samples but i,
 *
 *     L_i = -1/|P(i)| sum_{p in P(i)} log( exp(z_i.z_p / tau) / sum_{a in A(i)} exp(z_i.z_a / tau) )
 *
 * averaged over the samples that have another of their class; without any the loss is 0, with zero gradient.
 *
 * Differentiable by the embedding.
 * @param embedding `[batch, embeddingSize]`, any norm
 * @param labels one-hot classes, `[batch, nClasses]`
 * @returns scalar, in nats
 * @throws TypeError or RangeError for other shapes, or a temperature outside its range
 */
export function supervisedContrastiveLoss(
  embedding: Tensor,
  labels: Tensor,
  options: SupervisedContrastiveLossOptions = {},
): Scalar {
  const here = 'losses-mixup.supervisedContrastiveLoss';
  checkOptions(here, options, OPTIONS);
  const { temperature = 0.1 } = options;
  checkNumber(`${here}: temperature`, temperature, ABOVE_ZERO);
  checkTensor(`${here}: embedding`, embedding, [-1, -1]);
  checkTensor(`${here}: labels`, labels, [embedding.shape[0]!, -1]);

  const evaluate = ([z]: readonly Tensor[], [classes]: readonly Tensor[]) => {
    const similarity = cosineSimilarity(z!, z!);
    const self = eye(z!.shape[0]!);
    const logits = sub(div(similarity.cosine, temperature), mul(self, NEVER));
    const sameClass = matMul(classes as Tensor2D, transpose(classes as Tensor2D));
    const positives = mul(sameClass, sub(1, self)); // [batch, batch]
    const counts = sum(positives, 1, true);
    const isCounted = greater(counts, 0);
    const nCounted = maximum(sum(isCounted), 1);
    const targets = div(positives, maximum(counts, 1)); // rows of sum 1, or 0 where there is no other
    const logSoftmax = sub(logits, logSumExp(logits));
    return { similarity, targets, logSoftmax, nCounted, isCounted };
  };
  return differentiableScalar({
    inputs: [embedding],
    constants: [labels],
    value: (inputs, constants) => {
      const { targets, logSoftmax, nCounted } = evaluate(inputs, constants);
      return neg(div(sum(mul(targets, logSoftmax)), nCounted)) as Scalar;
    },
    gradients: (inputs, constants) => {
      const { similarity, targets, logSoftmax, nCounted, isCounted } = evaluate(inputs, constants);
      const dLogits = div(sub(mul(exp(logSoftmax), isCounted), targets), nCounted);
      const [left, right] = cosineSimilarityGradients(similarity, div(dLogits, temperature));
      return [add(left, right)];
    },
  });
}
