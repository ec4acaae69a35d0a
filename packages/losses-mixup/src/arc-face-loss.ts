import { ABOVE_ZERO, checkNumber, checkOptions, numberWithin, type OptionNames } from '@serial-oe/foundation';
import {
  add,
  div,
  greater,
  maximum,
  mul,
  onesLike,
  type Scalar,
  sqrt,
  square,
  sub,
  type Tensor,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { checkTensor } from './check-tensor';
import { cosineSimilarity, cosineSimilarityGradients } from './cosine-similarity';
import { differentiableScalar } from './differentiable-scalar';
import {
  checkWeighting,
  softmaxCrossEntropy,
  softmaxCrossEntropyGradient,
  softmaxTargets,
  type TargetWeighting,
} from './softmax-targets';

/** Smallest sin^2 of an angle: about the spacing of float32 numbers below 1. Keeps the gradient finite at angle 0. */
const SIN_SQUARED_FLOOR = 1e-7;

/** Far above what any network trains with; s times a gradient stays within float32. */
const SCALE = numberWithin(0, 1e6);

/** Options of {@link arcFaceLoss}. */
export interface ArcFaceLossOptions {
  /**
   * Factor s of the cosines, above 0 and at most 1e6. The Serial-OE paper does not give it; default 64, the ArcFace paper's.
   * Systems that it compares with use 30.
   */
  scale?: number;
  /**
   * Additive angular margin m in radians, in [0, pi). The Serial-OE paper does not give it; default 0.5, the ArcFace paper's.
   * Systems that it compares with use 0.7.
   */
  margin?: number;
  /** Default 'equal'. */
  weighting?: TargetWeighting;
  /**
   * Which classes bear the margin, `[batch, nClasses]`, at least 0; default the targets. With other ones the margin is "noisy"
   * (Choi and Choi, "Noisy-ArcMix", ICASSP 2024): that of a mixed sample's own class, while the targets hold its partner's too.
   */
  marginTargets?: Tensor;
}

export const ARC_FACE_LOSS_OPTIONS: OptionNames<ArcFaceLossOptions> = {
  scale: true,
  margin: true,
  weighting: true,
  marginTargets: true,
};

/**
 * ArcFace over the machine IDs, an alternative to L_id in the Serial-OE paper (Table 3; Deng et al., "ArcFace",
 * CVPR 2019). With theta_nc the angle between embedding n and the weight of class c, and targets rescaled to
 * q_n of sum 1,
 *
 *     x_nc = s (q_nc psi(theta_nc) + (1 - q_nc) cos theta_nc)
 *     psi(theta) = cos(theta + m) where theta + m < pi, else cos(theta) - m sin(m)
 *     loss = mean over n of sum_c -q_nc log softmax(x_n)_c
 *
 * (q of the blend is that of `marginTargets` where they are given), which for hard targets is ArcFace (with the continuation beyond pi of its authors' code), and for the soft
 * targets of Mixup gives each class the margin in proportion to its target. Rows with an all-zero target do not count.
 *
 * Differentiable by the embedding and the weight.
 * @param embedding `[batch, embeddingSize]`, any norm; a zero row has cosine 0 with everything.
 * @param weight class directions, `[nClasses, embeddingSize]`, any norm.
 * @param targets t', `[batch, nClasses]`, at least 0.
 * @returns scalar, in nats.
 * @throws TypeError or RangeError for other shapes, or options outside their range.
 * @example
 * outlierExposureLoss({ typeLogits, idLogits: embedding, y, targets }, { idLoss: (e, t) => arcFaceLoss(e, weight, t) });
 */
// biome-ignore lint/complexity/useMaxParams: three parameters and the options, as everywhere
export function arcFaceLoss(
  embedding: Tensor,
  weight: Tensor,
  targets: Tensor,
  options: ArcFaceLossOptions = {},
): Scalar {
  const here = 'losses-mixup.arcFaceLoss';
  checkOptions(here, options, ARC_FACE_LOSS_OPTIONS);
  const { marginTargets } = options;
  const { scale, margin, weighting } = resolveArcFaceOptions(here, options);
  checkTensor('losses-mixup.arcFaceLoss: embedding', embedding, [-1, -1]);
  checkTensor('losses-mixup.arcFaceLoss: weight', weight, [-1, embedding.shape[1]!]);
  checkTensor('losses-mixup.arcFaceLoss: targets', targets, [embedding.shape[0], weight.shape[0]!]);
  if (marginTargets) checkTensor(`${here}: marginTargets`, marginTargets, targets.shape);

  const evaluate = (inputs: readonly Tensor[], constants: readonly Tensor[]) => {
    const similarity = cosineSimilarity(inputs[0]!, inputs[1]!);
    const labels = softmaxTargets(constants[0]!, weighting);
    const bearers = constants[1]
      ? softmaxTargets(constants[1], weighting).probabilities
      : labels.probabilities;
    const { value, slope } = withMargin(similarity.cosine, margin);
    const logits = mul(blend(bearers, value, similarity.cosine), scale);
    return { similarity, labels, bearers, logits, slope };
  };
  return differentiableScalar({
    inputs: [embedding, weight],
    constants: marginTargets ? [targets, marginTargets] : [targets],
    value: (inputs, constants) => {
      const { logits, labels } = evaluate(inputs, constants);
      return softmaxCrossEntropy(logits, labels) as Scalar;
    },
    gradients: (inputs, constants) => {
      const { similarity, labels, bearers, logits, slope } = evaluate(inputs, constants);
      const dLogits = softmaxCrossEntropyGradient(logits, labels);
      const dCosine = mul(mul(dLogits, blend(bearers, slope, onesLike(slope))), scale);
      return cosineSimilarityGradients(similarity, dCosine);
    },
  });
}

/** The options with their defaults; throws for those outside their range. */
export function resolveArcFaceOptions(
  where: string,
  { scale = 64, margin = 0.5, weighting = 'equal' }: ArcFaceLossOptions,
): Required<Omit<ArcFaceLossOptions, 'marginTargets'>> {
  checkNumber(`${where}: scale`, scale, ABOVE_ZERO);
  checkNumber(`${where}: scale`, scale, SCALE);
  checkNumber(`${where}: margin`, margin, {
    isValid: (m) => m >= 0 && m < Math.PI,
    rule: 'lie in [0, pi) radians',
  });
  checkWeighting(`${where}: weighting`, weighting);
  return { scale, margin, weighting };
}

/** q a + (1 - q) b */
function blend(q: Tensor, a: Tensor, b: Tensor): Tensor {
  return add(mul(q, sub(a, b)), b);
}

/** psi as a function of the cosine c, and its derivative by c. */
function withMargin(cosine: Tensor, margin: number): { value: Tensor; slope: Tensor } {
  const sinSquared = sub(1, square(cosine));
  const sine = sqrt(maximum(sinSquared, SIN_SQUARED_FLOOR));
  // cos(theta + m) = c cos m - sin(theta) sin m, and d sin(theta) / dc = -c / sin(theta)
  const shifted = sub(mul(cosine, Math.cos(margin)), mul(sine, Math.sin(margin)));
  const dSine = where(greater(sinSquared, SIN_SQUARED_FLOOR), div(cosine, sine), zerosLike(cosine));
  const dShifted = add(mul(dSine, Math.sin(margin)), Math.cos(margin));
  const isWithinPi = greater(cosine, Math.cos(Math.PI - margin)); // theta < pi - m
  return {
    value: where(isWithinPi, shifted, sub(cosine, margin * Math.sin(margin))),
    slope: where(isWithinPi, dShifted, onesLike(cosine)),
  };
}
