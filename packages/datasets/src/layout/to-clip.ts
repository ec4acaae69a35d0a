import type { Clip } from '../clip';
import { isIdName, markedMachineIdIn, normalizeMachineId } from '../names/machine-id';
import { knownMachineType } from '../names/machine-types';
import type { PlacedRecording, PlaceRecordingsOptions } from './placed-recording';
import { type RootFacts, typeFromName } from './root-name';

const DEFAULT_MACHINE_ID = '00';

/** The clip of a recording. */
export function toClip(
  { file, levels, facts, chain }: PlacedRecording,
  {
    rootFacts,
    options,
    fileType,
  }: { rootFacts: RootFacts; options: PlaceRecordingsOptions; fileType: string | undefined },
): Clip {
  const { label, split, domain, snrDb, attributes } = facts;
  const { named } = file;
  const [first, second] = levels;
  const isIdAlone =
    second === undefined && first !== undefined && (isIdName(first) || isIdOfRoot(first, rootFacts));
  const typeLevel = isIdAlone ? undefined : first;
  const idLevel = isIdAlone ? first : second;
  const soft = chain.flatMap(({ softMachine }) => softMachine ?? []).at(-1);
  const machineType =
    named?.machineType ??
    typeLevel ??
    soft ??
    options.machineType ??
    fileType ??
    fallbackType(rootFacts, named !== null);
  const markedId = named === null ? markedMachineIdIn(file.path.at(-1) as string) : undefined;
  return {
    path: options.toPath(file.path),
    machineType: machineType.normalize('NFC'),
    machineId: normalizeMachineId(
      idLevel ?? named?.machineId ?? markedId ?? rootFacts.machineId ?? DEFAULT_MACHINE_ID,
    ),
    label,
    split: split === 'train' ? 'train' : 'test',
    ...(domain === undefined ? {} : { domain }),
    ...(snrDb === undefined ? {} : { snrDb }),
    ...(attributes === undefined ? {} : { attributes }),
  };
}

/** Whether a folder of any name is an ID because the root is a known type and the folder is none: `fan/M-12`. */
function isIdOfRoot(name: string, { typeName, isOwnName }: RootFacts): boolean {
  return isOwnName && knownMachineType(typeName) !== undefined && knownMachineType(name) === undefined;
}

/** The root's name, or the known type in it where it was not the folder of the type, or the recordings are of a published set. */
export function fallbackType({ typeName, isOwnName, role }: RootFacts, isPublished: boolean): string {
  const isPlain = isOwnName && !isPublished && role.snrDb === undefined;
  return isPlain ? typeName : typeFromName(typeName);
}

/** Whether the type of a recording is that of the root's name. */
export function isFromRootName({ file, levels, chain }: PlacedRecording): boolean {
  const isNamed = levels.some((level) => !isIdName(level)) || file.named?.machineType !== undefined;
  return !isNamed && chain.every(({ softMachine }) => softMachine === undefined);
}
