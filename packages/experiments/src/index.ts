export { type ExperimentProtocol, PAPER_PROTOCOL } from '@serial-oe/serial-oe';
export type { ExperimentProgress } from './experiment-progress';
export type {
  Experiment,
  ExperimentName,
  LabelNeeds,
  OmittedVariant,
  ScoringRecipe,
  TrainingRecipe,
  Variant,
  VariantChoices,
} from './experiment-types';
export { ExperimentError } from './jobs/experiment-error';
export type { RunEvent, RunRecord } from './jobs/job-types';
export { EXPERIMENTS } from './paper/experiments';
export { COMPARED_SYSTEMS, PAPER_AAUC, PAPER_MAUC, type PaperRow } from './paper/paper-figures';
export {
  type PlannedRun,
  planExperiments,
  type RunExperimentsOptions,
} from './plan/plan-experiments';
export { experimentReport } from './report/experiment-report';
export { csvField } from './results/csv-field';
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
} from './results/experiment-results';
export { resultsCsv } from './results/results-csv';
export { cellText, type ResultsTable, resultsTable, type TableCell } from './results/results-table';
export { runExperiments } from './run-experiments';
