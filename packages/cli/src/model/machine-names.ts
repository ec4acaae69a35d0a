import { type Clip, findMachineId } from '@serial-oe/datasets';
import { ALL_MACHINE_TYPES } from '@serial-oe/runtime/contract';

/** Of a model of all types the machines are called `type/ID`. */
export function machineName(machineType: string, machineId: string): string {
  return `${machineType}/${machineId}`;
}

/** Whether a clip is of the type, or of any where the model covers all. */
export function isOfType(clip: Pick<Clip, 'machineType'>, machineType: string): boolean {
  return machineType === ALL_MACHINE_TYPES || clip.machineType === machineType;
}

/** The types that machine names tell, each once. */
export function typesIn(machineNames: readonly string[]): string[] {
  return [...new Set(machineNames.map((name) => name.slice(0, name.lastIndexOf('/'))))];
}

/** IDs of a type's machines. */
export function idsOfType(machineNames: readonly string[], machineType: string): string[] {
  const before = machineName(machineType, '');
  return machineNames.flatMap((name) => (name.startsWith(before) ? [name.slice(before.length)] : []));
}

/** The type as scorers are told it; undefined for a model of all types, whose machines' names say it. */
export function typeToTell(machineType: string): string | undefined {
  return machineType === ALL_MACHINE_TYPES ? undefined : machineType;
}

/**
 * Clips under the names that the model has for their machines: for one of all types they are of the type `all`, and the machine is
 * `type/ID`, so that all its machines are measured at once. Clips of types that it has not stay as they are.
 */
export function clipsAsCalled(
  model: { machineType: string; machineIds: readonly string[] },
  clips: readonly Clip[],
): Clip[] {
  if (model.machineType !== ALL_MACHINE_TYPES) return [...clips];
  const types = typesIn(model.machineIds);
  return clips.map((clip) => {
    if (!types.includes(clip.machineType)) return clip;
    const machineId = knownMachine(model, clip) ?? machineName(clip.machineType, clip.machineId);
    return { ...clip, machineType: ALL_MACHINE_TYPES, machineId };
  });
}

/** What a model calls the machine of a clip; undefined for one that it does not know. */
export function knownMachine(
  { machineType, machineIds }: { machineType: string; machineIds: readonly string[] },
  clip: Pick<Clip, 'machineType' | 'machineId'>,
): string | undefined {
  if (machineType !== ALL_MACHINE_TYPES) {
    return clip.machineType === machineType ? findMachineId(machineIds, clip.machineId) : undefined;
  }
  const id = findMachineId(idsOfType(machineIds, clip.machineType), clip.machineId);
  return id === undefined ? undefined : machineName(clip.machineType, id);
}

/** A machine of the model by how somebody spells it: `0` for `00`, `fan/0` for `fan/00`; undefined for one that it has not. */
export function machineNamed(
  model: { machineType: string; machineIds: readonly string[] },
  name: string,
): string | undefined {
  const cut = name.lastIndexOf('/');
  if (model.machineType !== ALL_MACHINE_TYPES || cut < 0) return findMachineId(model.machineIds, name);
  return knownMachine(model, { machineType: name.slice(0, cut), machineId: name.slice(cut + 1) });
}

/** `fan 00, 02`, or of all types `fan/00, pump/02`. */
export function namedMachines(machineType: string, machineIds: readonly string[]): string {
  const ids = machineIds.join(', ');
  return machineType === ALL_MACHINE_TYPES ? ids : `${machineType} ${ids}`;
}
