// What systems and those who use them agree on. Nothing here needs tfjs: a model without a network starts without it.
export {
  ALL_MACHINE_TYPES,
  type AsdSystem,
  type ClipScorer,
  type MachineThreshold,
  type NormalRecording,
  type NormalScore,
  type Target,
  type ToFilesOptions,
  type TrainingCheckpoint,
  type TrainingJob,
} from './contract/asd-system';
export { createBrowserPlatform } from './contract/browser-platform';
export { clipKey } from './contract/clip-key';
export type { ClipScore, ClipToScore, ScoreOptions } from './contract/clip-score';
export { type ClipEmbedder, embedClips } from './contract/embed-clips';
export type { Embeddings, Spectrograms } from './contract/embeddings';
export type { Platform } from './contract/platform';
export { type ReadClip, readAhead } from './contract/read-ahead';
export { scoreEach } from './contract/score-each';
export type { EpochSummary, TrainingProgress } from './contract/training-progress';
export {
  type DecideByTrainingOptions,
  datedScore,
  decideByTraining,
} from './decisions/decide-by-training';
export { DecidingScorer, withDecisions } from './decisions/deciding-scorer';
export {
  type DatedScore,
  DECISIONS_FILE,
  type DecisionRule,
  Decisions,
  type DecisionsJSON,
} from './decisions/decisions';
export { levelsFor } from './decisions/levels-for';
export {
  createEnsemble,
  ENSEMBLE_FILE,
  type Ensemble,
  type EnsembleConfig,
  type EnsembleOptions,
} from './ensemble/create-ensemble';
export { type EnsembleListing, listEnsemble } from './ensemble/ensemble-files';
export type { LeftOutMember, TrainedMember } from './ensemble/ensemble-model';
export type { EnsembleScorer } from './ensemble/ensemble-scorer';
export type { MachineFusion } from './ensemble/fusion-model';
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
export { type ChosenTestClips, chooseTestClips, type TestedModel } from './evaluation/choose-test-clips';
export {
  type DecisionSummary,
  type Evaluation,
  measureScores,
  type ScoredClip,
} from './evaluation/measure-scores';
export type { FileAccess } from './files';
export { CARD_FILE, CARD_TEXT_FILE, readCard, toCardFiles } from './model-card/card-files';
export { changeText } from './model-card/card-text';
export type {
  CardData,
  CardDecision,
  CardInterval,
  CardMachineResults,
  CardResults,
  ModelCard,
  ScoreChange,
} from './model-card/model-card';
export {
  type FindModelOptions,
  type FoundModel,
  findModel,
  MODEL_MARKS,
  readModelFiles,
} from './model-files/find-model';
export { type LoadModelOptions, loadModel } from './model-files/load-model';
export { type ModelSource, type OpenModelOptions, openModel } from './model-files/open-model';
export { type OpenZipOptions, openZip, type ZippedModel } from './model-files/open-zip';
export { type SaveModelOptions, saveModel } from './model-files/save-model';
export {
  holdsModel,
  isZipName,
  type SaveModelFilesOptions,
  saveModelFiles,
} from './model-files/save-model-files';
export { type TrainModelOptions, trainModel } from './model-files/train-model';
export { throwIfStopped } from './throw-if-stopped';
