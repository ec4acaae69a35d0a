import { detectorFromJSON } from '@serial-oe/detectors';
import { AT_LEAST_ZERO, checkNumber, POSITIVE_COUNT, seededRandom } from '@serial-oe/foundation';
import { checkChoice, checkFacts, checkMachine } from './check-model';
import type { MachineDetector } from './fit-machine';
import { MODEL_FILE, openSealedModel, readSealed, sealModel } from './sealed-model';
import type { Choice, VectorConfig, VectorMethod } from './vector-method';
import type { VectorModel, VectorProvenance } from './vector-model';

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
  return new Map([[MODEL_FILE, sealModel(content)]]);
}

/** @throws BundleError naming what is missing, altered, of another system or of another format version */
export function fromModelFile<Config extends VectorConfig>(
  files: ReadonlyMap<string, Uint8Array>,
  method: VectorMethod<Config>,
): VectorModel<Config> {
  const where = `baselines.${method.name}`;
  const expected = { system: method.name, formatVersion: FORMAT_VERSION };
  const content = openSealedModel<Content>(where, files, expected);
  return readSealed(where, () => readModel(content, method));
}

interface Content {
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
