import type { FrontEndConfig } from '../shared/log-mel';
import type { Preset } from './preset-config';

/** What every configuration of a network has. */
export interface NetworkConfig {
  preset: Preset;
  seed: number;
  frontEnd: FrontEndConfig;
  batch: { size: number; microBatchSize: number };
  optimization: { nEpochs: number; learningRate: number; weightDecay: number };
  calibration: { fraction: number };
  decision: { falseAlarmRate: number };
}
