export { clipKey } from '@serial-oe/runtime/contract';

import type { EpochSummary } from '../training/progress';

/** Names a normal clip among those of its machine, wherever the data set lies: `type/id/folder/file name`. */
export function trainingClipName(clip: { machineType: string; machineId: string; path: string }): string {
  return [clip.machineType, clip.machineId, ...clip.path.split(/[\\/]/).slice(-2)].join('/');
}

/** How a model came to be; kept in its bundle. */
export interface Provenance {
  /** ISO 8601, UTC. */
  trainedAt: string;
  /** Version of @serial-oe/serial-oe. */
  version: string;
  /** tfjs backend of the training. */
  backend: string;
  /** Implementation of the extractor's operations in training: `tfjs`, `wasm-simd`, `wasm-relaxed-simd`. */
  operations: string;
  /** Threads that trained. */
  workers: number;
  /** Samples that passed through the network at once, on each thread. */
  microBatchSize: number;
  /** Micro-batches of a step, on each thread: above 1, BatchNorm was trained on the statistics of each. */
  nMicroBatches: number;
  /** Name of the data set. */
  dataset: string;
  /** That the extractor or the detectors learnt from. */
  nNormalClips: number;
  nPseudoAnomalousClips: number;
  nKnownAnomalies: number;
  nValidationClips: number;
  /**
   * The normal clips of all types that were held out (`trainingClipName`), so that a training that goes on from the model holds out the
   * same; models of earlier versions have none.
   */
  validationClips?: string[] | undefined;
  /** Updates in the whole training. */
  nSteps: number;
  /** Epoch whose weights these are, from 1 (`validation.selection`). */
  selectedEpoch: number;
  /** SHA-256 of the pretrained weights, as `backboneChecksum` of efficientnet-extractor; null without. */
  pretrainedWeights: string | null;
  /**
   * Anomalous test clips that were put aside for training, as `type/id/file name`: `evaluate` leaves them out, so that
   * models with different numbers of known anomalies are compared on the same clips.
   */
  heldOutClips: string[];
  /** Of this training alone, where it went on from another model. */
  history: EpochSummary[];
  /** The model that the training went on from; undefined where it began anew. */
  finetunedFrom?: StartProvenance | undefined;
  /** In how many directions the embeddings of the normal clips differ; models of earlier versions have none. */
  effectiveRank?: number | undefined;
  /** What `trainingFingerprint` says of the training's options; models of earlier versions have none. */
  fingerprint?: string | undefined;
}

/** Of a model that was tuned further. */
export interface StartProvenance {
  /** ISO 8601, UTC. */
  trainedAt: string;
  /** Updates until then, over all trainings. */
  nSteps: number;
  /** SHA-256 of its weights. */
  weights: string;
}
