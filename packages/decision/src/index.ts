export {
  Alarm,
  type AlarmCommand,
  type AlarmEvent,
  type AlarmEventType,
  type AlarmJSON,
  type AlarmUpdate,
  type ShelveCommand,
} from './alarm/alarm';
export type { AlarmOptions, AlarmSettings } from './alarm/alarm-options';
export type { AlarmMemory, AlarmState, ShelvingState } from './alarm/alarm-state';
export {
  type CalibrateOptions,
  calibrate,
  type DeviationPrior,
  ScoreCalibration,
  type ScoreCalibrationJSON,
} from './calibration/calibrate';
export { FUSIONS, type Fusion, fuseScores } from './calibration/fuse-scores';
export type { DriftChartState, DriftSum, QuantityDrift } from './drift/drift-chart';
export {
  DriftMonitor,
  type DriftMonitorJSON,
  type DriftOptions,
  type DriftQuantity,
  type DriftReport,
  type DriftSettings,
  type DriftUpdate,
} from './drift/drift-monitor';
export type { DriftReferenceJSON } from './drift/drift-references';
export type { DriftSample } from './drift/drift-sample';
export { type SeverityScale, severity } from './severity/severity';
export type { AlarmPeriod, AlarmsPerTime, FalseAlarmRate } from './threshold/false-alarm-rate';
export {
  NormalThreshold,
  type NormalThresholdFields,
  type NormalThresholdJSON,
  type Session,
} from './threshold/normal-threshold';
export type { RateInterval } from './threshold/rate-interval';
export { type RealizedRate, type RealizedRateOptions, realizedRate } from './threshold/realized-rate';
export { TAILS, type Tail } from './threshold/score-tail';
export { type CostOptions, type CostThreshold, thresholdByCost } from './threshold/threshold-by-cost';
export { type ThresholdOptions, thresholdFromNormals } from './threshold/threshold-from-normals';
