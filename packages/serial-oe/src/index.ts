import type { ModelSource } from '@serial-oe/runtime/contract';
import { createPlatform } from '#platform';
import { type LoadSerialOeOptions, loadSerialOeWith } from './model/load-serial-oe';
import type { SerialOeModel } from './model/serial-oe-model';
import { trainingFingerprintWith, trainSerialOeWith } from './train-serial-oe';
import type { TrainSerialOeOptions } from './training/train-options';

export type { ClipScore, ClipToScore, Embeddings, ScoreOptions, Spectrograms } from '@serial-oe/runtime';
export {
  BackendError,
  BundleError,
  type BundleProblem,
  CheckpointError,
  FileAccessError,
  FileExistsError,
  ScoringWorkerError,
  TrainingDataError,
  TrainingDivergedError,
  TrainingInterruptedError,
  TrainingMemoryError,
  TrainingWorkerError,
  UnknownMachineIdError,
  useBackend,
} from '@serial-oe/runtime';
export type {
  DecisionSummary,
  Evaluation as SerialOeEvaluation,
  ScoredClip,
} from '@serial-oe/runtime/contract';
export type {
  BatchConfig,
  DecisionConfig,
  DetectorConfig,
  EpochSelection,
  FrontEndConfig,
  IdLossName,
  LossConfig,
  MixupConfig,
  NetworkConfig,
  OptimizationConfig,
  PresetName,
  SerialOeConfig,
  SerialOeConfigOverrides,
  ValidationConfig,
} from './config/config';
export { type ConfigFieldDescription, describeConfig } from './config/describe-config';
export { PRESETS } from './config/presets';
export { type ExperimentProtocol, PAPER_PROTOCOL } from './config/protocol';
export {
  REFERENCE_DIFFERENCES,
  type ReferenceDifference,
  type ReferenceDifferenceName,
} from './config/reference-differences';
export { resolveConfig } from './config/resolve-config';
export { resolveProtocol } from './config/resolve-protocol';
export { withReferenceDifferences } from './config/with-reference-differences';
export { type EvaluateSerialOeOptions, evaluateSerialOe } from './evaluation/evaluate-serial-oe';
export {
  type ScoreClipsOptions,
  type ScoredClipOrError,
  type ScoringThreadOptions,
  scoreClips,
  scoreEachClip,
} from './evaluation/score-clips';
export { type Amplitude, FrontEnd } from './features/front-end';
export { finetuneConfig } from './finetune/finetune-config';
export type { FinetuneOptions, FinetuneRecordings, LabelledRecording } from './finetune/finetune-options';
export type { Calibration, Detector } from './model/detector';
export type { ChunkEmbedder } from './model/embedder';
export type { LoadSerialOeOptions } from './model/load-serial-oe';
export type { ModelParts, WeightType } from './model/model-parts';
export type { ToOnnxOptions } from './model/onnx-file';
export type { Provenance } from './model/provenance';
export type { SerialOeModel } from './model/serial-oe-model';
export { MANIFEST_FILE, type SaveOptions, toBundleFiles } from './model/write-bundle';
export type { Platform } from './platform';
export { asClipScorer, PRETRAINED_FILE, serialOeSystem } from './serial-oe-system';
export type { EpochSummary, TrainingProgress } from './training/progress';
export type { TrainSerialOeOptions } from './training/train-options';

/**
 * Trains a model: the extractor with outlier exposure, then one detector a machine ID.
 *
 * Clips are read from disk where they carry no waveform. With `checkpointDir` the run can be stopped and resumed to
 * the same result, bit for bit on the same backend.
 *
 * @throws TrainingDataError, BackendError, TrainingDivergedError, TrainingInterruptedError, CheckpointError;
 *   RangeError or TypeError for options
 * @example
 * const model = await trainSerialOe({ dataset, machineType: 'fan', preset: 'quick' });
 */
export function trainSerialOe(options: TrainSerialOeOptions): Promise<SerialOeModel> {
  return trainSerialOeWith(createPlatform(), options);
}

/**
 * A checksum of all that decides the model which `trainSerialOe` makes of these options, without training: equal to
 * `provenance.fingerprint` of a model that was made so. It tells whether a training is finished already.
 *
 * @throws as `trainSerialOe` for options and data
 */
export function trainingFingerprint(options: TrainSerialOeOptions): Promise<string> {
  return trainingFingerprintWith(createPlatform(), options);
}

/**
 * Loads a model bundle.
 * @param source a bundle's folder or zip file, its URL, the bytes of the zip, or what `openModel` of @serial-oe/runtime/contract made of it
 * @param options what computes: the tfjs backend that is active now, which on WASM must stay active, or an ONNX runtime; one
 *   that is not installed is told before anything is read
 * @throws BundleError saying what is missing, altered, or of another version; BackendError with the command that installs
 *   the runtime
 */
export function loadSerialOe(
  source: string | Uint8Array | ArrayBuffer | ModelSource,
  options?: LoadSerialOeOptions,
): Promise<SerialOeModel> {
  return loadSerialOeWith(createPlatform(), source, options);
}
