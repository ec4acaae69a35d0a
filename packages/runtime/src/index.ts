export { activeBackend, adamWUpdateFor, fastestOps, simdLevelOf, useBackend } from './backends/backend';
export { checkTfjsNodeSupport } from './backends/tfjs-node-support';
export {
  ALL_MACHINE_TYPES,
  type AsdSystem,
  type ClipScorer,
  type MachineThreshold,
  type NormalRecording,
  type NormalScore,
  type Target,
  type TrainingCheckpoint,
  type TrainingJob,
} from './contract/asd-system';
export { createBrowserPlatform } from './contract/browser-platform';
export type { ClipScore, ClipToScore, ScoreOptions } from './contract/clip-score';
export { type ClipEmbedder, embedClips } from './contract/embed-clips';
export type { Embeddings, Spectrograms } from './contract/embeddings';
export type { Platform } from './contract/platform';
export { type ReadClip, readAhead } from './contract/read-ahead';
export { scoreEach } from './contract/score-each';
export type { EpochSummary, TrainingProgress } from './contract/training-progress';
export {
  createEnsemble,
  ENSEMBLE_FILE,
  type Ensemble,
  type EnsembleConfig,
  type EnsembleOptions,
} from './ensemble/create-ensemble';
export {
  BackendError,
  BundleError,
  type BundleProblem,
  CheckpointError,
  FileAccessError,
  FileExistsError,
  FolderInUseError,
  JobStoppedError,
  ScoringWorkerError,
  TrainingDataError,
  TrainingDivergedError,
  TrainingInterruptedError,
  TrainingMemoryError,
  TrainingWorkerError,
  UnknownMachineIdError,
} from './errors';
export type { FileAccess } from './files';
export { throwIfStopped } from './throw-if-stopped';
