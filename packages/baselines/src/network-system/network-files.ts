import {
  ABOVE_ZERO,
  AT_LEAST_ZERO,
  COUNT,
  checkKind,
  checkNumber,
  POSITIVE_COUNT,
  sha256,
  wholeNumber,
} from '@serial-oe/foundation';
import { BundleError, type MachineThreshold, type ToFilesOptions } from '@serial-oe/runtime/contract';
import { parseSafetensors, serializeWeights, type WeightMap, type WeightType } from '@serial-oe/safetensors';
import { checkFacts, checkText, checkThreshold } from '../shared/check-model';
import { MODEL_FILE, openSealedModel, readSealed, sealModel } from '../shared/sealed-model';
import type { NetworkConfig } from './network-config';
import type { FittedArrays } from './network-method';
import type { ModelFacts, NetworkModel, NetworkProvenance } from './network-model';
import type { Machine } from './network-set';
import type { NetworkSpec } from './network-spec';

/** The network's weights, and what was fitted on its outputs. */
export const WEIGHTS_FILE = 'weights.safetensors';
/** Raised where the layout of {@link MODEL_FILE} changes. */
export const FORMAT_VERSION = 1;

/** Before the names of what was fitted. */
const FITTED = 'fitted/';

interface MachineEntry extends Machine, MachineThreshold {}

/** What {@link MODEL_FILE} holds. */
interface Content {
  system: string;
  formatVersion: number;
  /** Null where all types are watched. */
  machineType: string | null;
  config: object;
  classes: string[];
  machines: MachineEntry[];
  facts: ModelFacts;
  trainingLevel: number;
  provenance: NetworkProvenance;
  /** SHA-256 of {@link WEIGHTS_FILE}. */
  weights: string;
}

/** All of a model but the network itself. */
export interface StoredModel<Config extends NetworkConfig> {
  config: Config;
  machineType: string | undefined;
  classes: string[];
  machines: Machine[];
  thresholds: Map<string, MachineThreshold>;
  facts: ModelFacts;
  trainingLevel: number;
  provenance: NetworkProvenance;
  weights: WeightMap;
  weightType: WeightType;
  fitted: FittedArrays;
}

/**
 * The files of a model, by name; what was fitted on its outputs stays float64.
 * @throws RangeError for a weight that float16 cannot hold
 */
export function toNetworkFiles<Config extends NetworkConfig>(
  model: NetworkModel<Config>,
  options: ToFilesOptions = {},
): Map<string, Uint8Array> {
  const { spec, machineType, config, classes, machines, thresholds, facts, trainingLevel, provenance } =
    model;
  const fitted = [...model.rule.toArrays()].map(([name, array]) => [FITTED + name, array] as const);
  const weights = serializeWeights(model.weights, {
    ...{ weightType: options.weights ?? model.weightType, others: new Map(fitted) },
  });
  const content: Content = {
    ...{ system: spec.name, formatVersion: FORMAT_VERSION, machineType: machineType ?? null },
    ...{ config, classes: [...classes], facts, trainingLevel, provenance },
    machines: machines.map((machine) => ({ ...machine, ...thresholds.get(machine.name)! })),
    weights: sha256(weights),
  };
  return new Map([
    [MODEL_FILE, sealModel(content)],
    [WEIGHTS_FILE, weights],
  ]);
}

/** @throws BundleError naming what is missing, altered, of another system or of another format version */
export function fromNetworkFiles<Config extends NetworkConfig>(
  files: ReadonlyMap<string, Uint8Array>,
  spec: NetworkSpec<Config>,
): StoredModel<Config> {
  const where = `baselines.${spec.name}`;
  const content = openSealedModel<Content>(where, files, {
    system: spec.name,
    formatVersion: FORMAT_VERSION,
  });
  const bytes = files.get(WEIGHTS_FILE);
  if (bytes === undefined) {
    throw new BundleError('missing', `${where}: the model must hold ${WEIGHTS_FILE}, got none.`);
  }
  if (sha256(bytes) !== content.weights) {
    throw new BundleError(
      'checksum',
      `${where}: ${WEIGHTS_FILE} must have the checksum that ${MODEL_FILE} gives. The file was altered or cut short; copy the model again.`,
    );
  }
  const stored = readSealed(where, () => readContent(content, spec));
  return { ...stored, ...readTensors(where, bytes) };
}

/** What stands in {@link WEIGHTS_FILE}. */
type TensorFields = 'weights' | 'weightType' | 'fitted';

function readTensors(where: string, bytes: Uint8Array): Pick<StoredModel<NetworkConfig>, TensorFields> {
  try {
    const tensors = [...parseSafetensors(bytes, { keepFloat64: true })];
    const isFitted = (name: string) => name.startsWith(FITTED);
    const isHalf = tensors.some(([name, { dtype }]) => !isFitted(name) && dtype === 'F16');
    return {
      weightType: isHalf ? 'float16' : 'float32',
      weights: new Map(
        tensors
          .filter(([name]) => !isFitted(name))
          .map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }]),
      ),
      fitted: new Map(
        tensors
          .filter(([name]) => isFitted(name))
          .map(([name, { shape, data }]) => [
            name.slice(FITTED.length),
            { shape, data: Float64Array.from(data) },
          ]),
      ),
    };
  } catch (cause) {
    throw new BundleError(
      'weights',
      `${where}: ${WEIGHTS_FILE} cannot be read: ${(cause as Error).message}`,
      { cause },
    );
  }
}

function readContent<Config extends NetworkConfig>(
  content: Content,
  spec: NetworkSpec<Config>,
): Omit<StoredModel<Config>, TensorFields> {
  const { machineType, classes, facts, trainingLevel, provenance } = content;
  const config = spec.resolveConfig(undefined, checkKind('config', content.config, 'object'));
  checkFacts({ machineType: machineType ?? 'all', provenance });
  for (const name of checkList('classes', classes)) checkText('classes', name);
  checkNumber('trainingLevel', trainingLevel, AT_LEAST_ZERO);
  checkModelFacts(facts, config);
  const entries = checkList('machines', content.machines) as MachineEntry[];
  const machines = entries.map(({ name, machineType: type, machineId, classIndex }): Machine => {
    for (const text of [name, type, machineId]) checkText('machines', text);
    checkNumber(`classIndex of ${name}`, classIndex, wholeNumber(-1, classes.length - 1));
    return { name, machineType: type, machineId, classIndex };
  });
  if (machines.length === 0) throw new RangeError('machines must hold at least one.');
  const thresholds = new Map(
    entries.map(({ name, threshold, calibration }) => {
      checkThreshold(name, { threshold, calibration });
      return [name, { threshold, calibration }] as const;
    }),
  );
  const shared = { classes, machines, thresholds, facts, trainingLevel, provenance };
  return { ...shared, config, machineType: machineType ?? undefined };
}

function checkModelFacts(facts: ModelFacts, { frontEnd: { nMels } }: NetworkConfig): void {
  checkKind('facts', facts, 'object');
  const { window, windowSeconds, clipSeconds, bands } = facts;
  checkKind('facts.window', window, 'object');
  checkNumber('facts.window.nFrames', window.nFrames, wholeNumber(1, 2 ** 16));
  checkNumber('facts.window.nSamples', window.nSamples, wholeNumber(1, 2 ** 24));
  const { hop, nWindows } = window;
  if ((hop === null) === (nWindows === null))
    throw new RangeError('facts.window must hold a hop or a number of windows.');
  checkNumber('facts.window', hop ?? nWindows, POSITIVE_COUNT);
  checkKind('facts.window.coversEnd', window.coversEnd, 'boolean');
  checkNumber('facts.windowSeconds', windowSeconds, ABOVE_ZERO);
  checkNumber('facts.clipSeconds', clipSeconds, ABOVE_ZERO);
  if (bands === null) return;
  checkKind('facts.bands', bands, 'object');
  for (const values of [bands.mean, bands.deviation]) {
    checkNumber('the length of facts.bands', checkList('facts.bands', values).length, {
      isValid: (n) => n === nMels,
      rule: `be ${nMels}`,
    });
  }
  for (const mean of bands.mean)
    checkNumber('facts.bands.mean', mean, { isValid: Number.isFinite, rule: 'be finite' });
  for (const deviation of bands.deviation) checkNumber('facts.bands.deviation', deviation, ABOVE_ZERO);
}

function checkList(where: string, values: unknown): unknown[] {
  if (!Array.isArray(values)) throw new TypeError(`${where} must be a list.`);
  checkNumber(`the length of ${where}`, values.length, COUNT);
  return values;
}
