import type { AsdSystem, FileAccess } from '@serial-oe/runtime';
import type { ExperimentProtocol, Variant } from '../experiment-types';
import type { NamedClip } from '../jobs/job-types';
import type { ReadSetup } from './read-setups';

export interface PlanJobsOptions {
  /** What is to be measured, by experiment. */
  parts: readonly {
    /** Name. */
    experiment: string;
    variants: readonly Variant[];
    machineTypes: readonly string[];
    hasMaps: boolean;
  }[];
  systems: readonly AsdSystem[];
  setups: Readonly<Record<string, ReadSetup>>;
  clips: readonly NamedClip[];
  /** Of each clip's content, by name. */
  fingerprints: ReadonlyMap<string, string>;
  seeds: readonly number[];
  protocol: ExperimentProtocol;
  /** The queue's name of what computes. */
  backend: string;
  outFolder: string;
  files: Pick<FileAccess, 'join'>;
}
