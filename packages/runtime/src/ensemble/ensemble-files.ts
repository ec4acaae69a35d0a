import { FUSIONS, ScoreCalibration, type ScoreCalibrationJSON } from '@serial-oe/decision';
import { checkNumber, checkOneOf, FINITE, POSITIVE_COUNT, sha256, show } from '@serial-oe/foundation';
import { BundleError } from '../errors';
import type { EnsembleModel } from './ensemble-scorer';
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

/** Names of the members' systems, how they are fused, and their files. */
export interface ReadEnsemble {
  names: string[];
  fusion: EnsembleModel['fusion'];
  machines: Map<string, MachineFusion>;
  /** Of each member, under the names that the member gave them. */
  files: Map<string, Uint8Array>[];
}

/**
 * The files of an ensemble: those of the first member under their own names, so that they are a model of that system too, those of
 * the others behind `NAME.`, and {@link ENSEMBLE_FILE} with the checksums of all.
 */
export async function toEnsembleFiles({
  members,
  fusion,
  machines,
}: EnsembleModel): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const [i, { name, scorer }] of members.entries()) {
    for (const [file, bytes] of await scorer.toFiles()) files.set(prefixOf(i, name) + file, bytes);
  }
  const content = {
    ...{ format: FORMAT, formatVersion: FORMAT_VERSION, fusion, members: members.map(({ name }) => name) },
    machines: Object.fromEntries(
      [...machines].map(([id, { calibrations, threshold, nClips }]): [string, StoredMachine] => [
        id,
        { calibrations: calibrations.map((calibration) => calibration.toJSON()), threshold, nClips },
      ]),
    ),
    checksums: Object.fromEntries([...files].map(([file, bytes]) => [file, sha256(bytes)])),
  };
  const checksum = sha256(new TextEncoder().encode(JSON.stringify(content)));
  const text = `${JSON.stringify({ content, checksum }, null, 1)}\n`;
  return new Map([[ENSEMBLE_FILE, new TextEncoder().encode(text)], ...files]);
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
  try {
    return readModel(content);
  } catch (cause) {
    throw new BundleError(
      'manifest',
      `${WHERE}: ${ENSEMBLE_FILE} cannot be read: ${(cause as Error).message}`,
      { cause },
    );
  }

  function readModel({ members, fusion, machines }: Content): ReadEnsemble {
    const names = Object.keys(content.checksums);
    if (!Array.isArray(members) || members.length === 0)
      throw new TypeError('members must be a list of names.');
    return {
      names: members,
      fusion: checkOneOf('fusion', fusion, FUSIONS),
      machines: new Map(
        Object.entries(machines).map(([id, machine]) => [id, readMachine(id, machine, members.length)]),
      ),
      files: members.map((name, i) =>
        filesOf(files, { names, others: members.slice(1), prefix: prefixOf(i, name) }),
      ),
    };
  }
}

const WHERE = 'runtime.ensemble';

interface Content {
  members: string[];
  fusion: unknown;
  machines: Record<string, StoredMachine>;
  checksums: Record<string, string>;
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
  if (sha256(new TextEncoder().encode(JSON.stringify(content))) !== json?.checksum) {
    throw new BundleError(
      'checksum',
      `${WHERE}: the content of ${ENSEMBLE_FILE} must have the checksum that it gives. Copy the model again.`,
    );
  }
  return content as unknown as Content;
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
