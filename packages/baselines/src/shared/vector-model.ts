import type { TrainedMachines } from './train-machines';
import type { VectorConfig, VectorMethod } from './vector-method';

/** A fitted method of a machine type. */
export interface VectorModel<Config extends VectorConfig> extends TrainedMachines {
  method: VectorMethod<Config>;
  config: Config;
  machineType: string;
}
