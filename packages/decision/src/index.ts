export { type CalibrateOptions, calibrate, ScoreCalibration, type ScoreCalibrationJSON } from './calibrate';
export { FUSIONS, type Fusion, fuseScores } from './fuse-scores';
