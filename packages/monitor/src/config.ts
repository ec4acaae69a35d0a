export { type CheckMonitorConfigOptions, checkMonitorConfig } from './config/check-config';
export { MonitorConfigError } from './config/config-error';
export type {
  AlarmConfig,
  ClipsConfig,
  MonitorConfig,
  SensorConfig,
  SinksConfig,
  SourceConfig,
} from './config/config-schema';
export { type ReadMonitorConfigOptions, readMonitorConfig } from './config/read-config';
