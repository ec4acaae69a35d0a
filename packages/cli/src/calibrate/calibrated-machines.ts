import type { Clip } from '@serial-oe/datasets';
import { Decisions } from '@serial-oe/runtime/contract';
import { UsageError } from '../command/usage-error';
import type { LoadedModel } from '../model/loaded-model';
import { idsOfType, machineName, typesIn, typeToTell } from '../model/machine-names';

type Machines = Pick<LoadedModel, 'machineType' | 'machineIds' | 'usesMachineIds'>;

/** The machines whose thresholds are set: all of the model, or those of one of its types. */
export interface CalibratedMachines extends Machines {
  /** Whether the machine that the model calls so is one of them. */
  isMeant(name: string): boolean;
  /** The clip under the name that the model has for its machine. */
  asCalled(clip: Clip): Clip;
  /** The decisions with those of `held` for the machines that are not meant. */
  among(held: Decisions, decisions: Decisions): Decisions;
}

/**
 * @param machineType of a model of several types the one that is meant; undefined for all of them
 * @param needsType whether recordings are read whose names need not say their type
 * @throws UsageError for a type that the model has not, or one that is needed and missing
 */
export function calibratedMachines(
  { machineType: own, machineIds, usesMachineIds }: Machines,
  { machineType, needsType }: { machineType: string | undefined; needsType: boolean },
): CalibratedMachines {
  const whole: CalibratedMachines = {
    ...{ machineType: own, machineIds, usesMachineIds },
    isMeant: () => true,
    asCalled: (clip) => clip,
    among: (_, decisions) => decisions,
  };
  if (typeToTell(own) !== undefined) {
    if (machineType === undefined || machineType === own) return whole;
    throw new UsageError(`--machine-type must be ${own}, which the model is of, got "${machineType}".`);
  }
  const types = typesIn(machineIds);
  if (machineType === undefined) {
    if (!needsType) return whole;
    throw new UsageError(
      `--anomalies and --normals need --machine-type with a model of several types. Name the one that they are of: ${types.join(', ')}.`,
    );
  }
  if (!types.includes(machineType)) {
    throw new UsageError(`--machine-type must be one of ${types.join(', ')}, got "${machineType}".`);
  }
  const ids = idsOfType(machineIds, machineType);
  const names = ids.map((id) => machineName(machineType, id));
  const isMeant = (name: string) => names.includes(name);
  return {
    ...{ machineType, machineIds: ids, usesMachineIds },
    isMeant,
    asCalled: (clip) => ({ ...clip, machineId: machineName(machineType, clip.machineId) }),
    among(held, { machines, clipSeconds, levels }) {
      const meant = <Value>(entries: ReadonlyMap<string, Value>) =>
        [...entries].filter(([name]) => isMeant(name));
      return new Decisions(
        new Map([...held.machines, ...meant(machines)]),
        clipSeconds,
        new Map([...held.levels, ...meant(levels)]),
      );
    },
  };
}
