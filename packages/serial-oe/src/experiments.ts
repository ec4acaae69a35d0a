// The entry `@serial-oe/serial-oe/experiments`, for Node.
export { type ExperimentProtocol, PAPER_PROTOCOL } from './config/protocol';
export { ExperimentError } from './experiments/experiment-error';
export { experimentReport } from './experiments/experiment-report';
export type {
  Aggregate,
  EmbeddingMap,
  ExperimentResults,
  Failure,
  IdFigures,
  Measurement,
  Metric,
  ResultVariant,
  Scope,
  Spread,
} from './experiments/experiment-results';
export type {
  Experiment,
  ExperimentName,
  LabelNeeds,
  OmittedVariant,
  ScoringRecipe,
  TrainingRecipe,
  Variant,
  VariantChoices,
} from './experiments/experiment-types';
export { EXPERIMENTS } from './experiments/experiments';
export { COMPARED_SYSTEMS, PAPER_AAUC, PAPER_MAUC, type PaperRow } from './experiments/paper-figures';
export { resultsCsv } from './experiments/results-csv';
export { type ResultsTable, resultsTable, type TableCell } from './experiments/results-table';
export type { RunEvent, RunRecord } from './experiments/run-types';
export type { ExperimentProgress } from './node/experiments/experiment-progress';
export {
  type PlannedRun,
  planExperiments,
  type RunExperimentsOptions,
} from './node/experiments/plan-experiments';
export { runExperiments } from './node/experiments/run-experiments';
