export {
  type CalibrateOptions,
  calibrate,
  type DeviationPrior,
  ScoreCalibration,
  type ScoreCalibrationJSON,
} from './calibrate';
export { FUSIONS, type Fusion, fuseScores } from './fuse-scores';
