import type { Dcase2020MachineType } from '../dcase/dcase2020-splits';
import type { Draw } from './draw';

/** A fault of a machine. */
export interface Fault {
  kind: string;
  /** 0 = like a normal machine, 1 = just there on a test bench, more = worse. */
  severity: number;
}

/** How a machine is run during a clip. */
export interface OperatingPoint {
  /** Speed over nominal speed. */
  speed: number;
  /** How much louder the moving parts are than at nominal load, dB. */
  load: number;
  /** Relative shift of what resonates: temperature, how the machine stands. */
  shift: number;
  /** Relative change of the speed from the beginning of the clip to its end. */
  drift: number;
}

/** Nominal and steady. */
export const NOMINAL: OperatingPoint = { speed: 1, load: 0, shift: 0, drift: 0 };

/** What a machine is told when it has to sound. */
export interface ClipContext {
  nSamples: number;
  /** Hz. */
  sampleRate: number;
  /** `null` for a normal clip. */
  fault: Fault | null;
  operation: OperatingPoint;
  /** The clip's own random stream of that name: a fault draws from its own and leaves the others as they were. */
  stream(name: string): () => number;
}

/** One machine (one ID): sounds with the level that its parts give it; the mixer brings it to its place. */
export type Machine = (clip: ClipContext) => Float32Array;

/** A type of machine. */
export interface MachineModel {
  machineType: Dcase2020MachineType;
  /**
   * The faults that its machines know, in the order in which anomalous clips take turns, each with how severe it is, in the
   * terms of `create`, at a severity of 1 for the user: by ear a fault drowns in one machine sooner than in another.
   */
  faults: Readonly<Record<string, number>>;
  /** Draws the parameters of one machine. */
  create(draw: Draw): Machine;
}

/** How severe a kind of fault is in this clip: 0 where it has another fault or none. */
export function severityOf(clip: ClipContext, kind: string): number {
  return clip.fault?.kind === kind ? clip.fault.severity : 0;
}
