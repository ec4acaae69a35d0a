import type { TrainedMachines } from './train-machines';
import type { VectorConfig, VectorMethod } from './vector-method';

/** How a model came to be; kept in its file. */
export interface VectorProvenance {
  /** Name of the data set; null where it has none. */
  dataset: string | null;
  /** Test clips that were put aside (`clipKey`). */
  heldOutClips: string[];
  /** Of the training. */
  fingerprint: string;
}

/** A fitted method of a machine type. */
export interface VectorModel<Config extends VectorConfig> extends TrainedMachines {
  method: VectorMethod<Config>;
  config: Config;
  machineType: string;
  provenance: VectorProvenance;
}
