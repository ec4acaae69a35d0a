/** Losses of one batch, in nats; a term that takes no part is null. Of a part of a batch they are weighted, see `shardBatch`. */
export interface Losses {
  loss: number;
  typeLoss: number | null;
  idLoss: number | null;
}
