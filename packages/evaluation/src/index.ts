export { averageAuc } from './average-auc';
export type { BootstrapInterval, BootstrapIntervalOptions, Statistic } from './bootstrap-interval';
export { bootstrapInterval } from './bootstrap-interval';
export type { ClipResult } from './clip-result';
export type { Label } from './label';
export type { BootstrappedFigure, PairedBootstrapOptions } from './paired-bootstrap';
export { pairedBootstrap } from './paired-bootstrap';
export type { PairedDifference, PairedDifferenceOptions } from './paired-difference';
export { pairedDifference } from './paired-difference';
export type { PairsNeededOptions } from './pairs-needed';
export { pairsNeeded } from './pairs-needed';
export { predictionThreshold } from './prediction-threshold';
export type { ResampledAuc } from './resampled-auc';
export { resampledAuc } from './resampled-auc';
export type { RocAucOptions } from './roc-auc';
export { rocAuc } from './roc-auc';
export type { RocCurve, RocCurveOptions } from './roc-curve';
export { rocCurve } from './roc-curve';
export type {
  AveragedFigures,
  CurveFigures,
  IdSummary,
  OverallSummary,
  SummarizeOptions,
  Summary,
  TypeSummary,
} from './summarize';
export { summarize } from './summarize';
export {
  type Domain,
  type DomainClipResult,
  type DomainSummary,
  type SectionSummary,
  type SummarizeDomainsOptions,
  summarizeDomains,
} from './summarize-domains';
export type { OperatingPoint } from './threshold-at-fpr';
export { thresholdAtFpr } from './threshold-at-fpr';
export { thresholdFromNormals } from './threshold-from-normals';
