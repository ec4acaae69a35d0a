import {
  AT_LEAST_ZERO,
  checkKind,
  checkNumber,
  checkOptions,
  type OptionNames,
  show,
} from '@serial-oe/foundation';
import { type Scalar, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { ID_LOSS_OPTIONS, type IdLossOptions, idLoss as paperIdLoss } from './id-loss';
import { typeLoss } from './type-loss';
import { weightedSum } from './weighted-sum';

/** What the extractor's heads gave for a batch, and what they should have given. */
export interface OutlierExposureBatch {
  /** `[batch]` */
  typeLogits: Tensor;
  /** `[batch, nMachineIds]`, or what a custom `idLoss` takes instead (the embedding, say); null without IDs. */
  idLogits?: Tensor | null;
  /** 1 = normal, 0 = outlier, `[batch]`. */
  y: Tensor;
  /** t' = y * onehot(id), `[batch, nMachineIds]`; null without IDs. */
  targets?: Tensor | null;
}

/** An ID loss: differentiable by its first argument without registered gradients (made by `customGrad`). */
export type IdLossFunction = (idLogits: Tensor, targets: Tensor) => Scalar;

/** Options of {@link outlierExposureLoss}. */
export interface OutlierExposureLossOptions extends IdLossOptions {
  /** Weight of L_id, at least 0; default 10 (the paper's). 0 leaves L_id out: training without machine IDs. */
  alpha?: number;
  /** false leaves L_type out, the ablation of the paper's Table 4; default true. */
  useTypeLoss?: boolean;
  /** In place of {@link paperIdLoss}; `normalization` does not reach it. */
  idLoss?: IdLossFunction;
}

const OPTIONS: OptionNames<OutlierExposureLossOptions> = {
  ...ID_LOSS_OPTIONS,
  alpha: true,
  useTypeLoss: true,
  idLoss: true,
};

/** The loss with its two terms; a term that was left out is null. */
export interface OutlierExposureLossParts {
  /** L_type + alpha L_id, the one to differentiate. */
  loss: Scalar;
  typeLoss: Scalar | null;
  /** L_id before it is multiplied by alpha. */
  idLoss: Scalar | null;
}

/**
 * Eq. 4 of the Serial-OE paper, L = L_type + alpha L_id.
 *
 * Differentiable by both logits with plain tfjs-core. Values are not read back from the backend, so NaN in gives NaN
 * out: check the loss.
 * @param batch logits and labels.
 * @param options weights and the ID loss.
 * @returns scalar, in nats.
 * @throws TypeError or RangeError for other shapes, alpha below 0, no term at all, or alpha above 0 without IDs.
 * @example
 * const { value, grads } = variableGrads(() => outlierExposureLoss({ ...extractor.forward(x, { training: true }), y, targets }));
 */
export function outlierExposureLoss(
  batch: OutlierExposureBatch,
  options: OutlierExposureLossOptions = {},
): Scalar {
  return tidy(() => outlierExposureLossParts(batch, options).loss);
}

/**
 * {@link outlierExposureLoss} with both terms, so that a training loop can show them without a second pass. Inside
 * the function given to `variableGrads` the terms live until it returns: read them there, or `keep` them.
 * @throws as {@link outlierExposureLoss}.
 */
export function outlierExposureLossParts(
  batch: OutlierExposureBatch,
  options: OutlierExposureLossOptions = {},
): OutlierExposureLossParts {
  const where = 'losses-mixup.outlierExposureLoss';
  checkOptions(where, options, OPTIONS);
  const { alpha = 10, useTypeLoss = true, normalization = 'normals', idLoss } = options;
  checkKind(`${where}: useTypeLoss`, useTypeLoss, 'boolean');
  checkNumber(`${where}: alpha`, alpha, AT_LEAST_ZERO);
  if (!useTypeLoss && alpha === 0) {
    throw new RangeError(
      `${where}: alpha must be above 0 when useTypeLoss is false, got 0. No term is left.`,
    );
  }
  const type = useTypeLoss ? typeLoss(batch.typeLogits, batch.y) : null;
  const id =
    alpha > 0 ? evaluateIdLoss(batch, idLoss ?? ((x, t) => paperIdLoss(x, t, { normalization }))) : null;
  const terms: Scalar[] = [];
  const weights: number[] = [];
  if (type) {
    terms.push(type);
    weights.push(1);
  }
  if (id) {
    terms.push(id);
    weights.push(alpha);
  }
  return { loss: weightedSum(terms, weights), typeLoss: type, idLoss: id };
}

function evaluateIdLoss({ idLogits, targets }: OutlierExposureBatch, idLoss: IdLossFunction): Scalar {
  if (!idLogits || !targets) {
    throw new TypeError(
      `losses-mixup.outlierExposureLoss: idLogits and targets must be tensors when alpha is above 0, ` +
        `got ${show(idLogits)} and ${show(targets)}. Pass { alpha: 0 } to train without machine IDs.`,
    );
  }
  return idLoss(idLogits, targets);
}
