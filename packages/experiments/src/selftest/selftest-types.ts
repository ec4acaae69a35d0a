import type { Clip, FaultKind } from '@serial-oe/datasets';
import type { AsdSystem, Platform } from '@serial-oe/runtime';

/** A system that is asked how small a fault it would find. */
export interface SelftestSystem {
  system: AsdSystem;
  /** As `resolveConfig` of the system gives it. */
  config: object;
}

export interface SelftestOptions {
  systems: readonly SelftestSystem[];
  /** Of the target and of others; normal training clips are used, of which some are held out. */
  clips: readonly Clip[];
  machineType: string;
  /** Default: all of `FAULT_KINDS`. */
  kinds?: readonly FaultKind[] | undefined;
  /** See `injectFault`; default -40 to -4 dB in steps of 6. */
  severitiesDb?: readonly number[] | undefined;
  /** Share of normal clips that may be called anomalous; sets the thresholds. Default 0.05. */
  falseAlarmRate?: number | undefined;
  /** Share of faulty clips that must be found for a severity to count as found. Default 0.9. */
  foundShare?: number | undefined;
  /** Share of each machine's normal training clips that is held out. Default 1/3. */
  holdOut?: number | undefined;
  /** Most held-out clips of a machine that get faults. Default 10. */
  maxClips?: number | undefined;
  /** Decides which clips are held out, and the faults. Default 0. */
  seed?: number | undefined;
  platform: Platform;
  onProgress?: ((progress: { system: string; nDone: number; nTotal: number }) => void) | undefined;
  onWarning?: ((message: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** How faults of one severity were found. */
export interface SeverityResult {
  severityDb: number;
  /** Clips with the fault whose score was above the threshold. */
  nFound: number;
  /** Clips with the fault. */
  nClips: number;
}

/** How one kind of fault was found. */
export interface FaultResult {
  kind: FaultKind;
  /** Ascending. */
  severities: SeverityResult[];
  /** The smallest severity from which on all are found, dB; null where even the greatest is not. */
  smallestFoundDb: number | null;
}

/** One machine by one system. */
export interface MachineResult {
  machineId: string;
  /** Normal clips that the system was trained on. */
  nTrain: number;
  /** Held-out normal clips, and how many of them were above the threshold: what the false-alarm rate became. */
  nHeldOut: number;
  nFalseAlarms: number;
  threshold: number;
  faults: FaultResult[];
}

/** One system. */
export interface SystemResult {
  system: string;
  machines: MachineResult[];
  /** Why the system could not be trained; null where it could. */
  failure: string | null;
}

export interface SelftestResult {
  machineType: string;
  falseAlarmRate: number;
  foundShare: number;
  severitiesDb: number[];
  kinds: FaultKind[];
  systems: SystemResult[];
}
