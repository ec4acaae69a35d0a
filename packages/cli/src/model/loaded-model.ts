import type { ClipScorer, EnsembleScorer } from '@serial-oe/runtime/contract';
import type { SerialOeModel } from '@serial-oe/serial-oe';
import type { SystemName } from '../system-table';

/** A model of any system, as the commands use it. */
export interface LoadedModel {
  readonly system: SystemName;
  /** The systems that it scores by: the members of an ensemble, or itself. */
  readonly systems: readonly SystemName[];
  /** 'all' for one that covers several at once, whose machines are called `type/ID`. */
  readonly machineType: string;
  /** Machines that it knows. */
  readonly machineIds: readonly string[];
  /** False where one detector serves all machines of the type. */
  readonly usesMachineIds: boolean;
  /** With the model's decisions, where it holds any. */
  readonly scorer: ClipScorer;
  /** As the system loaded it. */
  readonly systemScorer: ClipScorer;
  /** Those of its files that there are, as they are stored; without names all of them, its card and decisions too. */
  readFiles(names?: readonly string[]): Promise<Map<string, Uint8Array>>;
  /** Its network; null where it has none. */
  readonly network: SerialOeModel | null;
  /**
   * Lets the network score on threads of its own, as many as it was loaded for and such work is worth.
   * @returns their number; 0 for none, where everything is done on the calling thread
   */
  startThreads(nClips: number): Promise<number>;
  close(): Promise<void>;
}

/** Whether the scorer is an ensemble's. */
export function isEnsemble(scorer: ClipScorer): scorer is EnsembleScorer {
  return 'members' in scorer && 'fusion' in scorer;
}

/** Names of test clips that were put aside when the model was trained (`clipKey`). */
export function heldOutClipsOf({ scorer: { provenance } }: Pick<LoadedModel, 'scorer'>): readonly string[] {
  const heldOut = provenance?.heldOutClips;
  return Array.isArray(heldOut) ? heldOut.map(String) : [];
}
