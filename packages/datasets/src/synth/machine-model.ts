import type { Dcase2020MachineType } from '../dcase/dcase2020-splits';
import type { Draw } from './draw';

/** A fault of a machine. */
export interface Fault {
  kind: string;
  /** 0 = like a normal machine, 1 = a fault as found in a workshop, 4 = obvious. */
  severity: number;
}

/** What a machine is told when it has to sound. */
export interface ClipContext {
  nSamples: number;
  /** Hz. */
  sampleRate: number;
  /** `null` for a normal clip. */
  fault: Fault | null;
  /** The clip's own random stream of that name: a fault draws from its own and leaves the others as they were. */
  stream(name: string): () => number;
}

/** One machine (one ID): sounds with the level that its parts give it; the mixer brings it to its place. */
export type Machine = (clip: ClipContext) => Float32Array;

/** A type of machine. */
export interface MachineModel {
  machineType: Dcase2020MachineType;
  /** The faults that its machines know. */
  anomalyKinds: readonly [string, ...string[]];
  /** Root mean square of the average normal clip, dB re full scale. */
  level: number;
  /** Draws the parameters of one machine. */
  create(draw: Draw): Machine;
}

/** How severe a kind of fault is in this clip: 0 where it has another fault or none. */
export function severityOf(clip: ClipContext, kind: string): number {
  return clip.fault?.kind === kind ? clip.fault.severity : 0;
}
