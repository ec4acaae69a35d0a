import type { IdNormalization } from '@serial-oe/losses-mixup';
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

/**
 * Of a batch that passes the network as a whole: 1, but for the printed Eq. 3. Its sum is over all samples and its divisor the
 * share of normal sound, so that it is the mean over all samples times their number over that share: a part without any normal
 * sound then keeps its place in the sum.
 */
export function wholeBatch(batch: Weighed, loss: LossConfig): LossWeights {
  const isPrinted = loss.idLoss === 'bce' && loss.normalization === 'printed' && batch.targets !== null;
  if (!isPrinted) return { type: 1, id: 1 };
  const nNormal = normalShares(batch).reduce((sum, share) => sum + share, 0);
  return { type: 1, id: nNormal > 0 ? batch.y.length / nNormal : 0 };
}

/** What L_id is averaged over in a step; for the printed Eq. 3 weighted by {@link wholeBatch}. */
export function idNormalization(
  { normalization }: LossConfig,
  { isMixed }: { isMixed: boolean },
): Exclude<IdNormalization, 'printed'> {
  if (normalization === 'printed') return 'all';
  if (normalization === 'reference') return isMixed ? 'all' : 'normals';
  return normalization;
}

/**
 * The loss is a mean over samples (L_type), and one that is weighted by the share of normal sound, over the samples that
 * have any, or over all (L_id). A part of a batch divides by its own count or weight; these factors put the batch's in its place:
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
function idWeight(part: Weighed, loss: LossConfig, pass: { isMixed: boolean }): number {
  if (part.targets === null) return part.y.length;
  const normalization = loss.idLoss === 'bce' ? idNormalization(loss, pass) : 'text';
  if (normalization === 'all') return part.y.length;
  return normalShares(part).reduce(
    (sum, share) => sum + (normalization === 'normals' ? share : Number(share > 0)),
    0,
  );
}

/** The share of normal sound in each sample; 1 for all without IDs. */
function normalShares({ y, targets }: Weighed): number[] {
  const nIds = targets === null ? 0 : targets.length / y.length;
  return Array.from(y, (_, i) => {
    let share = nIds === 0 ? 1 : 0;
    for (let c = 0; c < nIds; c++) share += targets?.[i * nIds + c] ?? 0;
    return share;
  });
}

/** Each value over the mean of all; ones where all are 0. */
function relative(values: readonly number[]): number[] {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => (sum > 0 ? (values.length * value) / sum : 1));
}
