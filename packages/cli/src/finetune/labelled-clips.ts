import { relative, resolve, sep } from 'node:path';
import { type Clip, DatasetError, findMachineId } from '@serial-oe/datasets';
import { printableLine } from '@serial-oe/foundation';
import type { LoadedModel } from '../model/loaded-model';
import { machineIdIn } from '../score/names-of-recordings';
import { readLabelled } from '../train/known-anomalies';

/** Where recordings lie that somebody has listened to. */
export interface LabelledPaths {
  /** Folders that `label` sorted recordings into: both kinds. */
  labelled: readonly string[];
  anomalies: readonly string[];
  normals: readonly string[];
}

export interface LabelledClips {
  anomalies: Clip[];
  normals: Clip[];
}

export interface ReadLabelledOptions {
  caller: string;
  /** Of all of them; default: what names of files and folders say, or the model's only one. */
  machineId: string | undefined;
  onWarning(message: string): void;
}

type KnownMachines = Pick<LoadedModel, 'machineType' | 'machineIds' | 'usesMachineIds'>;

/**
 * The labelled recordings of the model's machines, under the IDs that it knows.
 * @throws DatasetError for a folder without any, or a recording whose machine is not known
 */
export function readLabelledClips(
  model: KnownMachines,
  { labelled, anomalies, normals }: LabelledPaths,
  options: ReadLabelledOptions,
): LabelledClips {
  const { machineType } = model;
  const silent = () => {}; // the other label of a folder of both is read as well
  const read = (label: Clip['label'], own: readonly string[]) => {
    const { caller, onWarning } = options;
    const each = own.map((path) => ({
      path,
      clips: readLabelled(path, { machineType, label, caller, onWarning }),
    }));
    const both = labelled.map((path) => ({
      path,
      clips: readIfAny(() => readLabelled(path, { machineType, label, caller, onWarning: silent })),
    }));
    const clips = [...each, ...both].flatMap((found) => found.clips.map((clip) => placed(clip, found.path)));
    const unique = new Map(clips.map((clip) => [resolve(clip.path), clip]));
    return [...unique.values()].map((clip) => ofMachine(model, clip, options));
  };
  const found = { anomalies: read('anomaly', anomalies), normals: read('normal', normals) };
  if (found.anomalies.length + found.normals.length > 0 || labelled.length === 0) return found;
  throw new DatasetError(
    `${options.caller}: ${labelled.join(', ')} must hold recordings of ${machineType} that are labelled, got none. "serial-oe label" sorts them.`,
  );
}

/** A folder of both labels may have none of one. */
function readIfAny(read: () => Clip[]): Clip[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof DatasetError) return [];
    throw error;
  }
}

interface PlacedClip extends Clip {
  /** The folder that it was found by. */
  argument: string;
}

function placed(clip: Clip, argument: string): PlacedClip {
  return { ...clip, argument };
}

function ofMachine(
  { machineIds, usesMachineIds }: KnownMachines,
  { argument, ...clip }: PlacedClip,
  { caller, machineId: told }: ReadLabelledOptions,
): Clip {
  if (!usesMachineIds) return { ...clip, machineId: told ?? clip.machineId };
  const names = relative(resolve(argument), resolve(clip.path)).split(sep);
  const isManifest = /\.(?:csv|tsv|txt)$/i.test(argument);
  const only = machineIds.length === 1 ? machineIds[0] : undefined;
  const named =
    told ??
    (isManifest ? clip.machineId : machineIdIn({ path: clip.path, argument, names }, machineIds)) ??
    only;
  const known = named === undefined ? undefined : findMachineId(machineIds, named);
  if (known !== undefined) return { ...clip, machineId: known };
  throw new DatasetError(
    `${caller}: ${printableLine(clip.path)} must be of one of the machines ${machineIds.join(', ')}, but ` +
      `${named === undefined ? 'neither its name nor a folder (id_00) says of which' : `it is of ${named}`}. Pass --machine-id.`,
  );
}
