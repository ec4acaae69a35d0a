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
  /** Share of normal clips that may be called anomalous; sets the thresholds. Default: one false alarm a day. */
  falseAlarmRate?: number | undefined;
  /** Clips that are scored a day. Default: as many as follow each other without a pause, 8640 of 10 s. */
  clipsADay?: number | undefined;
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
  /** How that was set. */
  calibration: SelftestCalibration;
  faults: FaultResult[];
}

/** How the threshold of a selftest is set, for the rate of false alarms that was asked for. */
export interface SelftestCalibration {
  /** Share of normal clips. */
  falseAlarmRate: number;
  clipsADay: number;
  /** Normal clips whose scores, by fits without them, it is set on; 0 where the system does not tell them. */
  nClips: number;
  /**
   * 'counted': so many of these clips lie above it. 'extrapolated': they are too few to show the rate, and are taken as normally
   * distributed (`predictionThreshold` of @serial-oe/evaluation). 'own': that of the system, for whatever rate.
   */
  method: 'counted' | 'extrapolated' | 'own';
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
  /** That was asked for; null for one false alarm a day. */
  falseAlarmRate: number | null;
  foundShare: number;
  severitiesDb: number[];
  kinds: FaultKind[];
  systems: SystemResult[];
}
