import { FUSIONS, ScoreCalibration, type ScoreCalibrationJSON } from '@serial-oe/decision';
import {
  checkKind,
  checkNumber,
  checkOneOf,
  FINITE,
  POSITIVE_COUNT,
  RATE,
  sha256,
  show,
} from '@serial-oe/foundation';
import type { ToFilesOptions } from '../contract/asd-system';
import { BundleError } from '../errors';
import { jsonChecksum, sealJson } from '../sealed-json';
import type { EnsembleModel, LeftOutMember } from './ensemble-model';
import type { MachineFusion } from './fusion-model';

/** What an ensemble adds to the files of its members. */
export const ENSEMBLE_FILE = 'ensemble.json';
/** Raised where its layout changes. */
const FORMAT_VERSION = 1;
const FORMAT = 'serial-oe-ensemble';

interface StoredMachine {
  calibrations: ScoreCalibrationJSON[];
  threshold: number;
  nClips: number;
}

/** What the files of an ensemble say, but for its members themselves. */
export interface ReadEnsemble extends Omit<EnsembleModel, 'members'> {
  /** Of the members' systems. */
  names: string[];
  /** Of each member, under the names that the member gave them. */
  files: Map<string, Uint8Array>[];
}

/** Which systems an ensemble holds, and in which files beside {@link ENSEMBLE_FILE}. */
export interface EnsembleListing {
  systems: string[];
  files: string[];
}

/**
 * The files of an ensemble: those of the first member under their own names, so that they are a model of that system too, those of
 * the others behind `NAME.`, and {@link ENSEMBLE_FILE} with the checksums of all.
 */
export async function toEnsembleFiles(
  model: EnsembleModel,
  options?: ToFilesOptions,
): Promise<Map<string, Uint8Array>> {
  const { members, fusion, machines, machineType, decision, leftOut, heldOutClips, fingerprint } = model;
  const files = new Map<string, Uint8Array>();
  for (const [i, { name, scorer }] of members.entries()) {
    for (const [file, bytes] of await scorer.toFiles(options)) files.set(prefixOf(i, name) + file, bytes);
  }
  const content: Content = {
    ...{ format: FORMAT, formatVersion: FORMAT_VERSION, machineType, fusion, decision },
    ...{ members: members.map(({ name }) => name), leftOut: leftOut.map((each) => ({ ...each })) },
    machines: Object.fromEntries(
      [...machines].map(([id, { calibrations, threshold, nClips }]): [string, StoredMachine] => [
        id,
        { calibrations: calibrations.map((calibration) => calibration.toJSON()), threshold, nClips },
      ]),
    ),
    heldOutClips: [...heldOutClips],
    fingerprint: fingerprint ?? null,
    checksums: Object.fromEntries([...files].map(([file, bytes]) => [file, sha256(bytes)])),
  };
  return new Map([[ENSEMBLE_FILE, sealJson(content)], ...files]);
}

/**
 * What {@link ENSEMBLE_FILE} says of the other files of the model, so that they can be read.
 * @throws BundleError for a file that is none
 */
export function listEnsemble(bytes: Uint8Array): EnsembleListing {
  const { members, checksums } = readContent(bytes);
  return { systems: [...members], files: Object.keys(checksums) };
}

/**
 * What a member's training starts from: of the files of an ensemble its own, of others all; undefined where it is not one of them.
 * @throws BundleError for files of an ensemble that are none
 */
export function memberFiles(
  files: ReadonlyMap<string, Uint8Array> | undefined,
  name: string,
): ReadonlyMap<string, Uint8Array> | undefined {
  if (!files?.has(ENSEMBLE_FILE)) return files;
  const { names, files: ofMembers } = readEnsembleFiles(files);
  return ofMembers[names.indexOf(name)];
}

/** @throws BundleError naming what is missing, altered, or of another format version */
export function readEnsembleFiles(files: ReadonlyMap<string, Uint8Array>): ReadEnsemble {
  const content = readContent(files.get(ENSEMBLE_FILE));
  for (const [file, checksum] of Object.entries(content.checksums)) {
    const bytes = files.get(file);
    if (bytes === undefined)
      throw new BundleError('missing', `${WHERE}: the model must hold ${file}, got none.`);
    if (sha256(bytes) !== checksum) {
      throw new BundleError(
        'checksum',
        `${WHERE}: ${file} must have the checksum that ${ENSEMBLE_FILE} gives. Copy the model again.`,
      );
    }
  }
  return inManifest(() => readModel(content, files));
}

function readModel(content: Content, files: ReadonlyMap<string, Uint8Array>): ReadEnsemble {
  const { members, fusion, machines, machineType, decision, leftOut, heldOutClips, fingerprint } = content;
  const names = Object.keys(content.checksums);
  checkKind('machines', machines, 'object');
  if (Object.keys(machines).length === 0) throw new RangeError('machines must hold at least one.');
  checkKind('decision', decision, 'object');
  for (const { name, reason } of checkList('leftOut', leftOut)) {
    checkText('the name of a system that was left out', name);
    checkText('the reason why a system was left out', reason);
  }
  for (const key of checkList('heldOutClips', heldOutClips)) checkText('heldOutClips', key);
  return {
    names: members,
    fusion: checkOneOf('fusion', fusion, FUSIONS),
    machines: new Map(
      Object.entries(machines).map(([id, machine]) => [id, readMachine(id, machine, members.length)]),
    ),
    machineType: checkText('machineType', machineType),
    decision: { falseAlarmRate: checkNumber('decision.falseAlarmRate', decision.falseAlarmRate, RATE) },
    ...{ leftOut, heldOutClips },
    fingerprint: fingerprint === null ? undefined : checkText('fingerprint', fingerprint),
    files: members.map((name, i) =>
      filesOf(files, { names, others: members.slice(1), prefix: prefixOf(i, name) }),
    ),
  };
}

const WHERE = 'runtime.ensemble';

/** What {@link ENSEMBLE_FILE} holds under its checksum. */
interface Content {
  format: typeof FORMAT;
  formatVersion: number;
  machineType: string;
  fusion: EnsembleModel['fusion'];
  decision: EnsembleModel['decision'];
  members: string[];
  leftOut: LeftOutMember[];
  machines: Record<string, StoredMachine>;
  heldOutClips: string[];
  fingerprint: string | null;
  checksums: Record<string, string>;
}

/** What is wrong with the content becomes an error that names the file. */
function inManifest<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const message = `${WHERE}: ${ENSEMBLE_FILE} cannot be read: ${(cause as Error).message}`;
    throw new BundleError('manifest', message, { cause });
  }
}

function readContent(bytes: Uint8Array | undefined): Content {
  if (bytes === undefined)
    throw new BundleError('missing', `${WHERE}: the model must hold ${ENSEMBLE_FILE}, got none.`);
  let json: { content?: Record<string, unknown>; checksum?: unknown } | null;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new BundleError(
      'manifest',
      `${WHERE}: ${ENSEMBLE_FILE} must be JSON, got ${(cause as Error).message}.`,
      { cause },
    );
  }
  const content = json?.content;
  if (content?.format !== FORMAT) {
    throw new BundleError(
      'format',
      `${WHERE}: ${ENSEMBLE_FILE} must be a ${FORMAT}, got ${show(content?.format)}.`,
    );
  }
  if (content.formatVersion !== FORMAT_VERSION) {
    throw new BundleError(
      'version',
      `${WHERE}: ${ENSEMBLE_FILE} must have the format version ${FORMAT_VERSION}, got ${show(content.formatVersion)}. Use the release that wrote it.`,
    );
  }
  if (jsonChecksum(content) !== json?.checksum) {
    throw new BundleError(
      'checksum',
      `${WHERE}: the content of ${ENSEMBLE_FILE} must have the checksum that it gives. Copy the model again.`,
    );
  }
  return inManifest(() => {
    const { members, checksums } = content as unknown as Content;
    if (checkList('members', members).length === 0) throw new RangeError('members must name at least one.');
    for (const name of members) checkText('members', name);
    for (const file of Object.keys(checkKind('checksums', checksums, 'object'))) checkFileName(file);
    return content as unknown as Content;
  });
}

/** A model's files lie beside each other: nothing in it leads elsewhere. */
function checkFileName(file: string): void {
  if (/^[\w-][\w.-]*$/.test(file)) return;
  throw new RangeError(`checksums must name files of the model, got ${show(file)}.`);
}

function checkList<T>(where: string, list: readonly T[]): readonly T[] {
  if (Array.isArray(list)) return list;
  throw new TypeError(`${where} must be a list, got ${show(list)}.`);
}

function checkText(where: string, text: string): string {
  if (typeof text === 'string' && text !== '') return text;
  throw new TypeError(`${where} must be text, got ${show(text)}.`);
}

function readMachine(
  id: string,
  { calibrations, threshold, nClips }: StoredMachine,
  nMembers: number,
): MachineFusion {
  if (!Array.isArray(calibrations) || calibrations.length !== nMembers) {
    throw new RangeError(`the calibrations of ${id} must be ${nMembers}.`);
  }
  return {
    calibrations: calibrations.map((json) => ScoreCalibration.fromJSON(json)),
    threshold: checkNumber(`the threshold of ${id}`, threshold, FINITE),
    nClips: checkNumber(`nClips of ${id}`, nClips, POSITIVE_COUNT),
  };
}

function prefixOf(i: number, name: string): string {
  return i === 0 ? '' : `${name}.`;
}

/** A member's files under its own names; the first member's are those that are no other's. */
function filesOf(
  files: ReadonlyMap<string, Uint8Array>,
  { names, others, prefix }: { names: readonly string[]; others: readonly string[]; prefix: string },
): Map<string, Uint8Array> {
  const own = names.filter((file) =>
    prefix === '' ? !others.some((name) => file.startsWith(`${name}.`)) : file.startsWith(prefix),
  );
  return new Map(own.map((file) => [file.slice(prefix.length), files.get(file)!]));
}
