export type { ExperimentProgress } from './experiment-progress';
export {
  DEFAULT_PROTOCOL,
  type Experiment,
  type ExperimentProtocol,
  isRunnable,
  type LabelNeeds,
  nMovedOf,
  type OmittedVariant,
  type ScoringRecipe,
  type TrainingRecipe,
  type Variant,
} from './experiment-types';
export type { DetectorSpec, MixtureSpec } from './jobs/detector-spec';
export { doJob } from './jobs/do-job';
export { ExperimentError } from './jobs/experiment-error';
export { type InlineQueueOptions, inlineQueue } from './jobs/inline-queue';
export type { DoJobOptions } from './jobs/job-context';
export type { JobOptions, JobQueue } from './jobs/job-queue';
export type { Job, JobEvent, NamedClip, RunRecord, ScoringJob } from './jobs/job-types';
export { type ProcessQueueOptions, processQueue } from './jobs/process-queue';
export { mergeOverrides } from './plan/merge-overrides';
export { type PlannedJob, planExperiments } from './plan/plan-experiments';
export { experimentReport, systemsText } from './report/experiment-report';
export { hasOfficialFigure } from './report/report-tables';
export { aggregateMeasurements } from './results/aggregate-measurements';
export type { ComparedFigure, ComparedFigures, ComparedRow } from './results/compared-figures';
export type { Costs } from './results/costs';
export { costsTable } from './results/costs-table';
export { differencesCsv } from './results/differences-csv';
export { type DifferencesTable, differencesTable } from './results/differences-table';
export type {
  Aggregate,
  Difference,
  DifferenceInterval,
  EmbeddingMap,
  ExperimentResults,
  Failure,
  IdFigures,
  Measurement,
  ResultSystem,
  ResultVariant,
  Scope,
  Spread,
} from './results/experiment-results';
export { findDifferences } from './results/find-differences';
export type { Metric } from './results/metric';
export { resultsCsv } from './results/results-csv';
export { cellText, type ResultsTable, resultsTable, type TableCell } from './results/results-table';
export { whereBaselinesWin } from './results/where-baselines-win';
export { collectExperiments, runExperiments } from './run-experiments';
export type { RunExperimentsOptions, Shard, StartFile, SystemSetup } from './run-experiments-options';
export { selftest } from './selftest/selftest';
export type {
  FaultResult,
  MachineResult,
  SelftestCalibration,
  SelftestOptions,
  SelftestResult,
  SelftestSystem,
  SeverityResult,
  SystemResult,
} from './selftest/selftest-types';
