import type { LossConfig } from '../config/config';

/** Factors of a part's loss terms with which the mean over the parts is the loss of the whole batch. */
export interface LossWeights {
  type: number;
  id: number;
}

/** What of a batch decides its weight. */
export interface Weighed {
  /** `[batch]` */
  y: Float32Array;
  /** t', `[batch, nMachineIds]`; null without IDs. */
  targets: Float32Array | null;
}

/** A batch that passes the network as a whole. */
export const WHOLE_BATCH: Readonly<LossWeights> = { type: 1, id: 1 };

/** What L_id is averaged over in a step. */
export function idNormalization(
  { normalization }: LossConfig,
  { isMixed }: { isMixed: boolean },
): 'normals' | 'all' {
  if (normalization === 'reference') return isMixed ? 'all' : 'normals';
  return normalization;
}

/**
 * The loss is a mean over samples (L_type), and a mean weighted by the share of normal sound, or over the samples that
 * have any (L_id). A part of a batch divides by its own count or weight; these factors put the batch's in its place:
 * n N_k / N for L_type with N_k of N samples in part k of n, and n W_k / W for L_id with its weights W.
 */
export function lossWeights(
  parts: readonly Weighed[],
  loss: LossConfig,
  pass: { isMixed: boolean },
): LossWeights[] {
  const type = relative(parts.map(({ y }) => y.length));
  const id = relative(parts.map((part) => idWeight(part, loss, pass)));
  return parts.map((_, k) => ({ type: type[k] as number, id: id[k] as number }));
}

/** What the ID loss of a batch is divided by, but for a constant factor. */
function idWeight({ y, targets }: Weighed, loss: LossConfig, pass: { isMixed: boolean }): number {
  if (targets === null) return y.length;
  const isBce = loss.idLoss === 'bce';
  if (isBce && idNormalization(loss, pass) === 'all') return y.length;
  const nIds = targets.length / y.length;
  let weight = 0;
  for (let i = 0; i < y.length; i++) {
    let normal = 0;
    for (let c = 0; c < nIds; c++) normal += targets[i * nIds + c] as number;
    weight += isBce ? normal : Number(normal > 0);
  }
  return weight;
}

/** Each value over the mean of all; ones where all are 0. */
function relative(values: readonly number[]): number[] {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => (sum > 0 ? (values.length * value) / sum : 1));
}
