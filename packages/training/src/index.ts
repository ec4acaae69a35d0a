export type { TrainingPosition } from './checkpoint';
export { CHECKPOINT_FILE, type CheckpointFile, checkpointFile } from './checkpoint-file';
export { type EpochSelection, selectEpoch } from './epoch-selection';
export { clipsAhead } from './features/clips-ahead';
export type { FeatureSource } from './features/feature-source';
export type { Losses } from './losses';
export {
  type EpochOptions,
  initialPosition,
  type RunTrainingOptions,
  runTraining,
  type TrainingResult,
} from './run-training';
export { type GradientExchange, type StepOptions, Trainer } from './trainer';
export {
  type CheckpointContext,
  createLocalEngine,
  type TensorMemory,
  type TrainingEngine,
} from './training-engine';
export type {
  BatchSource,
  LearningRateSchedule,
  LossTerm,
  NetworkPass,
  StepPlan,
  TrainedNetwork,
  TrainingLoss,
  TrainingMethod,
} from './training-method';
