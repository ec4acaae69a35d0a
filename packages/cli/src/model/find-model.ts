import {
  BundleError,
  CARD_FILE,
  CARD_TEXT_FILE,
  DECISIONS_FILE,
  Decisions,
  ENSEMBLE_FILE,
  listEnsemble,
  type ModelSource,
  openModel,
} from '@serial-oe/runtime/contract';
import { createFileAccess } from '@serial-oe/runtime/node/files';
import {
  isComparedNetwork,
  isSystemName,
  NETWORK_SYSTEM,
  SYSTEM_NAMES,
  type SystemName,
} from '../system-table';

/** Of a model of one system: the file by which it is known. `MANIFEST_FILE` of serial-oe, `MODEL_FILE` of baselines. */
const [NETWORK_MARK, BASELINE_MARK] = ['manifest.json', 'model.json'] as const;

/** `WEIGHTS_FILE` of serial-oe. */
const NETWORK_WEIGHTS = 'weights.safetensors';

/** Each model has one of these files. */
export const MODEL_MARKS: readonly string[] = [ENSEMBLE_FILE, NETWORK_MARK, BASELINE_MARK];

const CALLER = 'serial-oe';

/** A model whose system is known; its files are not read yet, but for those that tell it. */
export interface FoundModel {
  system: SystemName;
  /** Of the ensemble's members, or the system itself. */
  systems: SystemName[];
  /** All files of the model, of an ensemble's members too. */
  files: string[];
  source: ModelSource;
  /** Names of all files that a model of this system can have, its card and decisions too. */
  listFiles(): string[];
  /** Null for a model that was saved without. */
  decisions: Decisions | null;
}

/**
 * Looks into the folder, zip or address and says of which system the model is.
 * @throws BundleError where there is no model, or one of a system that the command does not know
 */
export async function findModel(source: string, signal?: AbortSignal): Promise<FoundModel> {
  const files = createFileAccess();
  const opened = await openModel(source, { files, caller: CALLER, marks: MODEL_MARKS, signal });
  const { name } = opened;
  const isAddress = /^https?:\/\//i.test(source);
  const read = (file: string) => readIfThere(opened, file, isAddress);
  const decisions = readDecisions(await read(DECISIONS_FILE), name);
  const ensemble = await read(ENSEMBLE_FILE);
  if (ensemble !== undefined) {
    const listing = listEnsemble(ensemble);
    const systems = listing.systems.map((system) => checkSystem(system, { name, file: ENSEMBLE_FILE }));
    const files = [ENSEMBLE_FILE, ...listing.files];
    return { system: 'ensemble', systems, files, listFiles: listed(files), source: opened, decisions };
  }
  if ((await read(NETWORK_MARK)) !== undefined) {
    if (!isAddress) await checkAlone(opened);
    const listFiles = listed([NETWORK_MARK, NETWORK_WEIGHTS]);
    const system = NETWORK_SYSTEM;
    return { system, systems: [system], files: [], listFiles, source: opened, decisions };
  }
  const model = await read(BASELINE_MARK);
  if (model !== undefined) {
    const system = checkSystem(systemIn(model, name), { name, file: BASELINE_MARK });
    const files = [BASELINE_MARK, ...(isComparedNetwork(system) ? [NETWORK_WEIGHTS] : [])];
    return { system, systems: [system], files, listFiles: listed(files), source: opened, decisions };
  }
  throw new BundleError(
    'missing',
    `${CALLER}: ${name} must hold a model, which has ${MODEL_MARKS.join(' or ')}, got none of them.`,
  );
}

function listed(files: readonly string[]): () => string[] {
  return () => [...files, DECISIONS_FILE, CARD_FILE, CARD_TEXT_FILE];
}

/** @throws BundleError for a file that is none */
function readDecisions(bytes: Uint8Array | undefined, name: string): Decisions | null {
  if (bytes === undefined) return null;
  try {
    return Decisions.fromFile(bytes);
  } catch (cause) {
    throw new BundleError(
      'manifest',
      `${CALLER}: ${DECISIONS_FILE} of ${name} must hold decisions, got: ${(cause as Error).message} Copy the model again, or ` +
        'take the file away to go by the thresholds of the training.',
      { cause },
    );
  }
}

/** A network beside files of other members is an ensemble that has lost its own file, and would score otherwise. */
async function checkAlone(source: ModelSource): Promise<void> {
  const ofOthers = SYSTEM_NAMES.map((name) => `${name}.${BASELINE_MARK}`);
  const [other] = (await source.read(ofOthers)).keys();
  if (other === undefined) return;
  throw new BundleError(
    'missing',
    `${CALLER}: ${source.name} must hold ${ENSEMBLE_FILE}, which belongs to ${other}, got none. Copy the model again, or take ${other} away ` +
      'to use the network alone.',
  );
}

/** An address that does not serve a file has none; some serve a page instead. */
async function readIfThere(
  source: ModelSource,
  file: string,
  isAddress: boolean,
): Promise<Uint8Array | undefined> {
  if (!isAddress) return (await source.read([file])).get(file);
  try {
    const bytes = (await source.read([file])).get(file);
    return bytes?.[0] === '<'.charCodeAt(0) ? undefined : bytes;
  } catch (error) {
    if (error instanceof BundleError && error.problem === 'missing' && file !== BASELINE_MARK)
      return undefined;
    throw error;
  }
}

function systemIn(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))?.content?.system;
  } catch (cause) {
    throw new BundleError(
      'manifest',
      `${CALLER}: ${BASELINE_MARK} of ${name} must be JSON, got ${(cause as Error).message}.`,
      { cause },
    );
  }
}

function checkSystem(system: unknown, { name, file }: { name: string; file: string }): SystemName {
  if (isSystemName(system) && system !== 'ensemble') return system;
  throw new BundleError(
    'format',
    `${CALLER}: ${file} of ${name} must be of one of the systems ${SYSTEM_NAMES.slice(1).join(', ')}, got ` +
      `${JSON.stringify(system)?.slice(0, 60)}. Use the release that wrote it.`,
  );
}
