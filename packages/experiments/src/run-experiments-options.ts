import type { Dataset } from '@serial-oe/datasets';
import type { AsdSystem } from '@serial-oe/runtime';
import type { ExperimentProgress } from './experiment-progress';
import type { ExperimentProtocol } from './experiment-types';
import type { JobQueue } from './jobs/job-queue';

/** A file whose content may stand in others too, differently written. */
export interface StartFile {
  path: string;
  /** The same for the same content. Default: SHA-256 of the file. */
  checksum: string;
}

/** What a system is trained with, before a variant changes it. */
export interface SystemSetup {
  /** Default: the system's. */
  preset?: string | undefined;
  /** Changes to the preset, for every variant. The seed comes on top. */
  config?: object | undefined;
  /** Files that a training starts from, such as pretrained weights, by the name that the system knows. */
  startFrom?: Readonly<Record<string, string | StartFile>> | undefined;
}

/** One of several calls, on as many machines, that share the jobs and one folder. */
export interface Shard {
  /** From 0. */
  index: number;
  nShards: number;
}

export interface RunExperimentsOptions {
  /** All that the variants name. */
  systems: readonly AsdSystem[];
  /** Clips on disk. */
  dataset: Dataset;
  /** Where runs and results are kept. */
  outFolder: string;
  /** Does the jobs. */
  queue: JobQueue;
  /**
   * Does this share of the jobs alone. Whichever call finds that all are finished once its own are writes the results; the others return
   * none. Default: all jobs.
   */
  shard?: Shard | undefined;
  /** Default 0 to 4. */
  seeds?: readonly number[] | undefined;
  /** Default: every type that the labels allow. */
  machineTypes?: readonly string[] | undefined;
  /** By system. Default: the system's default preset. */
  setups?: Readonly<Record<string, SystemSetup>> | undefined;
  /** Default {@link DEFAULT_PROTOCOL}. */
  protocol?: ExperimentProtocol | undefined;
  /** Machine IDs of a type that averages are taken over. Default: all. */
  averagedIds?: Readonly<Record<string, readonly string[]>> | undefined;
  onProgress?: ((progress: ExperimentProgress) => void) | undefined;
  /** Stops with a checkpoint of every running job. */
  signal?: AbortSignal | undefined;
}
