import { nameSome } from '@serial-oe/foundation';
import type { Clip, Dataset, Label } from '../clip';
import { DatasetError } from '../errors';
import { withoutDates } from '../names/date-name';
import { knownTypesIn } from '../names/machine-types';
import { type FolderRole, folderRoles } from './folder-roles';
import {
  type Folder,
  foldersFrom,
  folderTree,
  type RecordingFile,
  recordingsBelow,
  saysLabel,
} from './folder-tree';
import { dropKindsOfFaults } from './kinds-of-faults';
import { trimLevels } from './machine-levels';
import { type FolderLayout, nameLayout } from './name-layout';
import type { PlacedRecording, PlaceRecordingsOptions, WordsAbove } from './placed-recording';
import { PlacingNotes } from './placing-notes';
import { readRecording } from './read-recording';
import { type RootFacts, readRootNames } from './root-name';
import { applySiblingRules, BESIDE_LABELS, type LeftOutPlaces } from './sibling-rules';
import { isFromRootName, toClip } from './to-clip';

export interface PlacedRecordings extends Dataset {
  warnings: string[];
  layout: FolderLayout;
}

const NOT_DCASE2020 = "name not of DCASE2020's form";
const BESIDE_NORMAL = 'name without label beside recordings whose names say normal';
const NOT_OF_FORM = 'name of another form than those beside it, without label and ID';

/**
 * Makes clips of recordings by the names of their folders and files; the one implementation of all that read folders. Pure:
 * no disk is touched, so that it works on the names that a browser gives, too.
 *
 * @param paths names from the root to each recording
 * @throws DatasetError where names contradict each other or a faulty or held-out recording would train as a normal one
 */
export function placeRecordings(
  paths: readonly (readonly string[])[],
  options: PlaceRecordingsOptions,
): PlacedRecordings {
  const { where, rootPath } = options;
  const root = folderTree(paths, options.rootNames[0] ?? '');
  const rootFacts = readRootNames(options.rootNames);
  const roles = folderRoles(root);
  roles.set(root, roleOfRoot(root, roles, withAbove(rootFacts, options.above)));
  const places = applySiblingRules(root, { roles, where, rootPath, unlabelled: options.unlabelled });
  const notes = new PlacingNotes(options);
  const read = [...foldersFrom(root)].flatMap((folder) =>
    readFolder(folder, {
      roles,
      places,
      notes,
      isDcase2020Only: options.isDcase2020Only ?? false,
      unlabelled: options.unlabelled,
    }),
  );
  notes.throwContradictions();
  dropKindsOfFaults(read);
  const tooDeep = new Set(trimLevels(read, { where, rootPath }));
  for (const { file } of tooDeep) notes.leaveOut('too deep', file);
  const kept = read.filter((each) => !tooDeep.has(each));
  const fileTypes =
    options.machineType === undefined ? typesOfFiles(kept) : new Map<PlacedRecording, string>();
  const placed = kept.map((each) => ({
    ...each,
    clip: toClip(each, { rootFacts, options, fileType: fileTypes.get(each) }),
  }));
  notes.tellOfFileTypes([...fileTypes.values()]);
  refuseSeveralSnr(placed, options);
  notes.tellOf(placed, rootFacts);
  const clips = withoutValidation(placed, notes);
  const layout = nameLayout(
    root,
    kept.map(({ file }) => file),
    roles,
  );
  return { clips, warnings: notes.warnings, layout };
}

interface FolderContext {
  roles: ReadonlyMap<Folder, FolderRole>;
  places: LeftOutPlaces;
  notes: PlacingNotes;
  isDcase2020Only: boolean;
  unlabelled: Label | undefined;
}

/** The recordings of a folder itself that can be taken; the others become notes. */
function readFolder(
  folder: Folder,
  { roles, places, notes, isDcase2020Only, unlabelled }: FolderContext,
): PlacedRecording[] {
  const above = ancestors(folder);
  const chain = above.map((each) => roles.get(each) as FolderRole);
  const outside = above.flatMap((each) => places.folders.get(each) ?? [])[0];
  const beside = places.files.get(folder);
  const isNormalNamed = unlabelled === undefined && folder.files.some(saysNormal);
  const isOfForm = folder.files.some(({ named }) => named?.machineId !== undefined);
  return folder.files.flatMap((file) => {
    const facts = readRecording(file, chain, unlabelled);
    if (outside !== undefined) return notes.leaveOut(outside, file);
    if (isDcase2020Only && file.named?.form !== 'dcase2020') return notes.leaveOut(NOT_DCASE2020, file);
    if ('contradiction' in facts) return notes.contradict(facts.contradiction, file);
    if ('leftOut' in facts) return notes.leaveOut(facts.leftOut, file);
    if (beside !== undefined && isLoose(file, beside, chain)) return notes.leaveOut(beside, file);
    if (isOfForm && isStranger(file, chain)) return notes.leaveOut(NOT_OF_FORM, file);
    if (isNormalNamed && isStranger(file, chain)) return notes.leaveOut(BESIDE_NORMAL, file);
    return [{ file, facts, chain, levels: levelsOf(file, chain) }];
  });
}

function withAbove(facts: RootFacts, { split, label }: WordsAbove = {}): RootFacts {
  const role = { ...facts.role };
  if (split !== undefined) role.split ??= split;
  if (label !== undefined) role.label ??= label;
  return { ...facts, role };
}

/** What the root says, unless what is below says it itself; a label of the root is none where there are splits below. */
function roleOfRoot(root: Folder, roles: ReadonlyMap<Folder, FolderRole>, { role }: RootFacts): FolderRole {
  const below = [...roles].filter(([folder]) => folder !== root).map(([, each]) => each);
  const hasSplit = below.some(({ split, softSplit }) => (split ?? softSplit) !== undefined);
  const hasLabel = () =>
    below.some(({ label }) => label !== undefined) || [...recordingsBelow(root)].some(saysLabel);
  const { label, split, snrDb } = role;
  return {
    ...(label === undefined || hasSplit || hasLabel() ? {} : { label }),
    ...(split === undefined || hasSplit ? {} : { split }),
    ...(snrDb === undefined ? {} : { snrDb }),
  };
}

function ancestors(folder: Folder): Folder[] {
  return folder.parent === null ? [folder] : [...ancestors(folder.parent), folder];
}

/** Whether a recording lies beside folders that say what its own name does not. */
function isLoose({ named, facts }: RecordingFile, why: string, chain: readonly FolderRole[]): boolean {
  if (why !== BESIDE_LABELS) return named?.split === undefined && facts.splits.length !== 1;
  return (
    named?.label === undefined && facts.labels.length !== 1 && chain.every(({ label }) => label === undefined)
  );
}

/** Whether it says neither label nor ID, in a folder of recordings whose names do. */
function isStranger({ named, facts }: RecordingFile, chain: readonly FolderRole[]): boolean {
  return named === null && facts.labels.length === 0 && chain.every(({ label }) => label === undefined);
}

/** Of a free name: `pump_normal_3`. */
function saysNormal({ named, facts }: RecordingFile): boolean {
  return named === null && facts.labels.length === 1 && facts.labels[0] === 'normal';
}

function levelsOf({ named }: RecordingFile, chain: readonly FolderRole[]): string[] {
  if (named?.machineType !== undefined) return []; // ToyADMOS2's names say type and ID
  return withoutDates(chain.flatMap(({ machine }) => machine ?? []));
}

/** Where no folder says a type and every name does, of several: `fan_id_00_normal_1` beside `pump_id_00_normal_1`. */
function typesOfFiles(read: readonly PlacedRecording[]): Map<PlacedRecording, string> {
  const open = read.filter(isFromRootName);
  const types = open.map(({ file }) => knownTypesIn((file.path.at(-1) as string).replace(/\.[^.]*$/, '')));
  const isSaid = types.every(({ length }) => length === 1) && new Set(types.flat()).size > 1;
  return new Map(isSaid ? open.map((each, i) => [each, types[i]?.[0] as string] as const) : []);
}

/** MIMII holds each recording at several signal-to-noise ratios: together they would be counted, and tested, several times. */
function refuseSeveralSnr(
  placed: readonly (PlacedRecording & { clip: Clip })[],
  { where, rootPath }: PlaceRecordingsOptions,
): void {
  const byType = new Map<string, Map<number, string>>();
  for (const { clip, file } of placed) {
    if (clip.snrDb === undefined) continue;
    const found = byType.get(clip.machineType) ?? new Map<number, string>();
    if (!found.has(clip.snrDb)) found.set(clip.snrDb, file.path[0] as string);
    byType.set(clip.machineType, found);
  }
  for (const [type, found] of byType) {
    if (found.size < 2) continue;
    throw new DatasetError(
      `${where}: each machine type must be there at one signal-to-noise ratio, got ${type} at ${[...found.keys()].join(', ')} dB in ` +
        `${rootPath}: they are the same recordings, and those that train would be tested on again. Name one of the folders: ` +
        `${nameSome([...found.values()].map((name) => `${rootPath}/${name}`))}.`,
    );
  }
}

/** Held-out recordings never train: they are the test where there is no other, and are left out else. */
function withoutValidation(
  placed: readonly (PlacedRecording & { clip: Clip })[],
  notes: PlacingNotes,
): Clip[] {
  const isHeldOut = ({ facts }: PlacedRecording) => facts.split === 'validation';
  const heldOut = placed.filter(isHeldOut);
  if (heldOut.length === 0) return placed.map(({ clip }) => clip);
  const hasTest = placed.some(({ facts }) => facts.split === 'test');
  notes.tellOfValidation(heldOut, hasTest);
  return placed.filter((each) => !(hasTest && isHeldOut(each))).map(({ clip }) => clip);
}
