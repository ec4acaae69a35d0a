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
