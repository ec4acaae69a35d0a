import { detectorFromJSON } from '@serial-oe/detectors';
import {
  AT_LEAST_ZERO,
  checkNumber,
  POSITIVE_COUNT,
  seededRandom,
  sha256,
  show,
} from '@serial-oe/foundation';
import { BundleError } from '@serial-oe/runtime/contract';
import { checkChoice, checkFacts, checkMachine } from './check-model';
import type { MachineDetector } from './fit-machine';
import type { Choice, VectorConfig, VectorMethod } from './vector-method';
import type { VectorModel, VectorProvenance } from './vector-model';

/** The one file of a model. */
export const MODEL_FILE = 'model.json';
/** Raised where its layout changes. */
export const FORMAT_VERSION = 1;

/** The files of a model, by name: its content, and the content's SHA-256. */
export function toModelFile<Config extends VectorConfig>(
  model: VectorModel<Config>,
): Map<string, Uint8Array> {
  const { method, config, machineType, choice, machines, nClips, trainingLevel, provenance } = model;
  const content = {
    ...{ system: method.name, formatVersion: FORMAT_VERSION, machineType, config, choice, nClips },
    ...{ trainingLevel, provenance },
    machines: [...machines].map(([machineId, { detector, threshold, calibration }]) => ({
      ...{ machineId, threshold, calibration, detector: detector.toJSON() },
    })),
  };
  const checksum = sha256(new TextEncoder().encode(JSON.stringify(content)));
  return new Map([[MODEL_FILE, new TextEncoder().encode(`${JSON.stringify({ content, checksum })}\n`)]]);
}

/** @throws BundleError naming what is missing, altered, of another system or of another format version */
export function fromModelFile<Config extends VectorConfig>(
  files: ReadonlyMap<string, Uint8Array>,
  method: VectorMethod<Config>,
): VectorModel<Config> {
  const where = `baselines.${method.name}`;
  const bytes = files.get(MODEL_FILE);
  if (bytes === undefined) {
    throw new BundleError(
      'missing',
      `${where}: the model must hold ${MODEL_FILE}, got ${[...files.keys()].join(', ') || 'no file'}.`,
    );
  }
  const content = readContent(where, bytes);
  if (content.system !== method.name) {
    throw new BundleError(
      'format',
      `${where}: ${MODEL_FILE} must be of the system '${method.name}', got ${show(content.system)}.`,
    );
  }
  if (content.formatVersion !== FORMAT_VERSION) {
    throw new BundleError(
      'version',
      `${where}: ${MODEL_FILE} must have the format version ${FORMAT_VERSION}, got ${show(content.formatVersion)}. Use the release that wrote it.`,
    );
  }
  try {
    return readModel(content, method);
  } catch (cause) {
    throw new BundleError('manifest', `${where}: ${MODEL_FILE} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}

interface Content {
  system: unknown;
  formatVersion: unknown;
  machineType: string;
  config: object;
  choice: Choice;
  nClips: number;
  trainingLevel: number;
  provenance: VectorProvenance;
  machines: (Omit<MachineDetector, 'detector'> & {
    machineId: string;
    detector: Parameters<typeof detectorFromJSON>[0];
  })[];
}

function readContent(where: string, bytes: Uint8Array): Content {
  let json: { content?: unknown; checksum?: unknown } | null;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new BundleError(
      'manifest',
      `${where}: ${MODEL_FILE} must be JSON, got ${(cause as Error).message}.`,
      { cause },
    );
  }
  const content = json?.content;
  if (typeof content !== 'object' || content === null) {
    throw new BundleError('format', `${where}: ${MODEL_FILE} must hold a model, got ${show(content)}.`);
  }
  if (sha256(new TextEncoder().encode(JSON.stringify(content))) !== json?.checksum) {
    throw new BundleError(
      'checksum',
      `${where}: the content of ${MODEL_FILE} must have the checksum that it gives. The file was altered; copy the model again.`,
    );
  }
  return content as Content;
}

function readModel<Config extends VectorConfig>(
  content: Content,
  method: VectorMethod<Config>,
): VectorModel<Config> {
  const { machineType, choice, nClips, trainingLevel, provenance } = content;
  const config = method.resolveConfig(content.config);
  checkFacts(content);
  checkNumber('nClips', nClips, POSITIVE_COUNT);
  checkNumber('trainingLevel', trainingLevel, AT_LEAST_ZERO);
  checkChoice(choice, { method, config });
  const machines = content.machines.map(
    ({ machineId, detector, threshold, calibration }): [string, MachineDetector] => {
      const random = seededRandom(config.seed, method.name, machineId);
      const makers = method.makers(config, { variance: 1, random });
      const machine = { detector: detectorFromJSON(detector, makers), threshold, calibration };
      checkMachine(machineId, machine, { method, config, choice });
      return [machineId, machine];
    },
  );
  if (machines.length === 0) throw new RangeError('machines must hold at least one.');
  const facts = { machineType, choice, nClips, trainingLevel, provenance };
  return { method, config, machines: new Map(machines), ...facts };
}
