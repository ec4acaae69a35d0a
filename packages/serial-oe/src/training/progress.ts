import type {
  EpochSummary as AnyEpochSummary,
  TrainingProgress as AnyTrainingProgress,
} from '@serial-oe/runtime';

/** The terms of the loss (Eq. 1), in nats; one that takes no part is null. */
export type LossTerms = { typeLoss: number | null; idLoss: number | null };

/** Means over one epoch. */
export type EpochSummary = AnyEpochSummary<LossTerms>;

/** What `onProgress` receives, told apart by `kind`. */
export type TrainingProgress = AnyTrainingProgress<LossTerms>;
