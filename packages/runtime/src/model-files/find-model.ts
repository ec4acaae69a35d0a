import { DECISIONS_FILE, Decisions } from '../decisions/decisions';
import { ENSEMBLE_FILE, listEnsemble } from '../ensemble/ensemble-files';
import { BundleError } from '../errors';
import type { FileAccess } from '../files';
import { CARD_FILE, CARD_TEXT_FILE } from '../model-card/card-files';
import { type ModelSource, openModel } from './open-model';

/** Of a model of one system: the file by which it is known. `MANIFEST_FILE` of serial-oe, `MODEL_FILE` of others. */
const [NETWORK_MARK, PLAIN_MARK] = ['manifest.json', 'model.json'] as const;
/** Whose models have a manifest. */
const NETWORK_SYSTEM = 'serial-oe';
/** Of any network. */
const WEIGHTS_FILE = 'weights.safetensors';

/** Each model has one of these files. */
export const MODEL_MARKS: readonly string[] = [ENSEMBLE_FILE, NETWORK_MARK, PLAIN_MARK];

export interface FindModelOptions<Name extends string> {
  /** Null in a browser, where every path is an address. */
  files: FileAccess | null;
  /** Opens the messages. */
  caller: string;
  /** Names of the systems that can be loaded. */
  systems: readonly Name[];
  /** Ends a download. */
  signal?: AbortSignal | undefined;
}

/** A model whose system is known; its files are not read yet, but for those that tell it. */
export interface FoundModel<Name extends string = string> {
  system: Name | 'ensemble';
  /** Of the ensemble's members, or the system itself. */
  systems: Name[];
  /** What the system loads; of an ensemble the members' files too. */
  files: string[];
  source: ModelSource;
  /** Null for a model that was saved without. */
  decisions: Decisions | null;
}

/**
 * Looks into the folder, zip or address, or the bytes of a zip, and says of which system the model is.
 * @throws BundleError where there is no model, or one of another system
 */
export async function findModel<Name extends string>(
  source: string | Uint8Array | ArrayBuffer,
  { files, caller, systems, signal }: FindModelOptions<Name>,
): Promise<FoundModel<Name>> {
  const opened = await openModel(source, { files, caller, marks: MODEL_MARKS, signal });
  const isAddress = typeof source === 'string' && (files === null || /^https?:\/\//i.test(source));
  const place = { source: opened, caller, systems, isAddress };
  const decisions = readDecisions(await readIfThere(place, DECISIONS_FILE), place);
  const found = await findSystem(place);
  return { ...found, source: opened, decisions };
}

/** All files that the model has, its decisions and its card too; of an address those that it needs. */
export async function readModelFiles({
  source,
  files,
}: Pick<FoundModel, 'source' | 'files'>): Promise<Map<string, Uint8Array>> {
  return source.read([...files, DECISIONS_FILE, CARD_FILE, CARD_TEXT_FILE]);
}

/** Where a model lies, and who asks. */
interface Place<Name extends string = string> {
  source: ModelSource;
  caller: string;
  systems: readonly Name[];
  isAddress: boolean;
}

async function findSystem<Name extends string>(
  place: Place<Name>,
): Promise<Pick<FoundModel<Name>, 'system' | 'systems' | 'files'>> {
  const ensemble = await readIfThere(place, ENSEMBLE_FILE);
  if (ensemble !== undefined) {
    const { systems, files } = listEnsemble(ensemble);
    return {
      system: 'ensemble',
      systems: systems.map((system) => checkSystem(system, ENSEMBLE_FILE, place)),
      files: [ENSEMBLE_FILE, ...files],
    };
  }
  if ((await readIfThere(place, NETWORK_MARK)) !== undefined) {
    if (!place.isAddress) await checkAlone(place);
    const system = checkSystem(NETWORK_SYSTEM, NETWORK_MARK, place);
    return { system, systems: [system], files: [NETWORK_MARK, WEIGHTS_FILE] };
  }
  const model = await readIfThere(place, PLAIN_MARK);
  if (model !== undefined) {
    const { system: name, weights } = contentOf(model, place);
    const system = checkSystem(name, PLAIN_MARK, place);
    return {
      system,
      systems: [system],
      files: [PLAIN_MARK, ...(weights === undefined ? [] : [WEIGHTS_FILE])],
    };
  }
  throw new BundleError(
    'missing',
    `${place.caller}: ${place.source.name} must hold a model, which has ${MODEL_MARKS.join(' or ')}, got none of them.`,
  );
}

/** @throws BundleError for a file that is none */
function readDecisions(bytes: Uint8Array | undefined, { caller, source: { name } }: Place): Decisions | null {
  if (bytes === undefined) return null;
  try {
    return Decisions.fromFile(bytes);
  } catch (cause) {
    throw new BundleError(
      'manifest',
      `${caller}: ${DECISIONS_FILE} of ${name} must hold decisions, got: ${(cause as Error).message} Copy the model again, or ` +
        'take the file away to go by the thresholds of the training.',
      { cause },
    );
  }
}

/** A network beside files of other members is an ensemble that has lost its own file, and would score otherwise. */
async function checkAlone({ source, caller, systems }: Place): Promise<void> {
  const ofOthers = systems.map((name) => `${name}.${PLAIN_MARK}`);
  const [other] = (await source.read(ofOthers)).keys();
  if (other === undefined) return;
  throw new BundleError(
    'missing',
    `${caller}: ${source.name} must hold ${ENSEMBLE_FILE}, which belongs to ${other}, got none. Copy the model again, or take ${other} away ` +
      'to use the network alone.',
  );
}

/** An address that does not serve a file has none; some serve a page instead. */
async function readIfThere({ source, isAddress }: Place, file: string): Promise<Uint8Array | undefined> {
  if (!isAddress) return (await source.read([file])).get(file);
  try {
    const bytes = (await source.read([file])).get(file);
    return bytes?.[0] === '<'.charCodeAt(0) ? undefined : bytes;
  } catch (error) {
    if (error instanceof BundleError && error.problem === 'missing' && file !== PLAIN_MARK) return undefined;
    throw error;
  }
}

/** The system, and the checksum of the weights of one that has a network. */
function contentOf(
  bytes: Uint8Array,
  { caller, source: { name } }: Place,
): { system?: unknown; weights?: unknown } {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))?.content ?? {};
  } catch (cause) {
    throw new BundleError(
      'manifest',
      `${caller}: ${PLAIN_MARK} of ${name} must be JSON, got ${(cause as Error).message}.`,
      { cause },
    );
  }
}

function checkSystem<Name extends string>(
  system: unknown,
  file: string,
  { caller, source: { name }, systems }: Place<Name>,
): Name {
  const known = systems.filter((each) => each !== 'ensemble');
  const found = known.find((each) => each === system);
  if (found !== undefined) return found;
  throw new BundleError(
    'format',
    `${caller}: ${file} of ${name} must be of one of the systems ${known.join(', ')}, got ` +
      `${JSON.stringify(system)?.slice(0, 60)}. Use the release that wrote it.`,
  );
}
