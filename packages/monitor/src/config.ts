export { type CheckMonitorConfigOptions, checkFleetConfig, checkMonitorConfig } from './config/check-config';
export { MonitorConfigError } from './config/config-error';
export type {
  AlarmConfig,
  ClipsConfig,
  MonitorConfig,
  SensorConfig,
  SinksConfig,
  SourceConfig,
} from './config/config-schema';
export { type FleetConfig, type FleetRule, ruleFor } from './config/fleet-schema';
export { type ReadMonitorConfigOptions, readFleetConfig, readMonitorConfig } from './config/read-config';
