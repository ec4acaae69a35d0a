import { ALL_MACHINE_TYPES, type Target } from '@serial-oe/runtime/contract';
import { resolveConfig, type SerialOeConfig, withReferenceDifferences } from '@serial-oe/serial-oe/config';
import { UsageError } from '../command/usage-error';
import { type ConfigFlags, networkChanges, readConfigFile } from '../read-config';
import {
  DEFAULT_SYSTEM,
  hasNetwork,
  isComparedNetwork,
  learnsFromAnomalies,
  loadSystem,
  NETWORK_SYSTEM,
  SYSTEM_NAMES,
  type SystemName,
} from '../system-table';

/** The flags that say what is trained. */
export interface TrainingFlags extends ConfigFlags {
  readonly system: SystemName | undefined;
  readonly preset: SerialOeConfig['preset'] | undefined;
  readonly reference: string | undefined;
}

/** What `--machine-type` asks for: `fan`, `fan,pump` or `all`. */
export type WatchedTypes = Pick<Target, 'machineType' | 'machineTypes'>;

/** @throws UsageError for several types where one training of the system covers a type or a machine, or a list that is none */
export async function watchedTypes(name: SystemName, text: string): Promise<WatchedTypes> {
  if (text !== ALL_MACHINE_TYPES && !text.includes(',')) return { machineType: text };
  const machineTypes = text === ALL_MACHINE_TYPES ? undefined : text.split(',').map((type) => type.trim());
  if (machineTypes !== undefined) {
    const isList = new Set(machineTypes).size === machineTypes.length && !machineTypes.includes('');
    if (!isList || machineTypes.includes(ALL_MACHINE_TYPES)) {
      throw new UsageError(
        `--machine-type must be a type, a list such as fan,pump with each type once, or ${ALL_MACHINE_TYPES}, got "${text}".`,
      );
    }
  }
  const all = await Promise.all(
    SYSTEM_NAMES.map(async (each) => ((await loadSystem(each)).scope === 'dataset' ? [each] : [])),
  );
  const able = all.flat();
  if (able.includes(name)) return { machineType: ALL_MACHINE_TYPES, machineTypes };
  throw new UsageError(
    `--machine-type ${text} goes with a system that learns all types at once: ${able.join(', ')}. ${name} does not: train a model for each type.`,
  );
}

/** A system, and how it is trained. */
export interface TrainingConfig {
  name: SystemName;
  /** As `resolveConfig` of the system gives it. */
  config: object;
  seed: number;
  /** `decision.falseAlarmRate` of the file of `--config`, where it says one. */
  fileRate?: number | undefined;
}

/** Flags that configure a network. */
const NETWORK_FLAGS = [
  ...['preset', 'reference', 'epochs', 'batchSize', 'microBatch', 'backend', 'workers', 'weights'],
  'knownAnomalies',
];

/** What a file for the ensemble may hold beside the fields of its network. */
interface EnsembleFile {
  fusion?: unknown;
  members?: Record<string, object>;
}

/**
 * What the flags and the file of `--config` ask for. Without `--system` it is the ensemble, but for the presets of the paper, which
 * stay the paper's method alone. Of an ensemble, flags and fields are those of its network; those of other members stand under
 * `members`.
 *
 * @throws UsageError for a flag of a network where there is none; RangeError or TypeError naming a wrong field
 */
export async function resolveTraining(flags: TrainingFlags): Promise<TrainingConfig> {
  const file = await readConfigFile(flags.config);
  const resolved = await resolveFile(flags, file); // which checks the file
  return { ...resolved, fileRate: (file as Partial<SerialOeConfig>).decision?.falseAlarmRate };
}

async function resolveFile(flags: TrainingFlags, file: object): Promise<TrainingConfig> {
  const name = flags.system ?? defaultSystem(flags.preset ?? (file as Partial<SerialOeConfig>).preset);
  if (!hasNetwork(name)) {
    refuseFlagsOfNetworks(flags, name);
    const seed = flags.seed ?? (file as { seed?: number }).seed ?? 0;
    const config = (await loadSystem(name)).resolveConfig(undefined, { ...file, seed });
    return { name, config, seed };
  }
  if (isComparedNetwork(name)) return { name, ...(await comparedConfig(flags, file, name)) };
  if (name === NETWORK_SYSTEM) {
    const config = networkConfig(flags, file);
    return { name, config, seed: config.seed };
  }
  return { name, ...(await ensembleConfig(flags, file)) };
}

function defaultSystem(preset: SerialOeConfig['preset'] | undefined): SystemName {
  return preset === 'paper' || preset === 'reference' ? NETWORK_SYSTEM : DEFAULT_SYSTEM;
}

function refuseFlagsOfNetworks(flags: TrainingFlags, name: SystemName): void {
  const given = givenFlag(flags, NETWORK_FLAGS);
  if (given === undefined) return;
  throw new UsageError(
    `--${given} configures a network, and the system ${name} has none. Leave it out, or choose the system ensemble or serial-oe.`,
  );
}

/** The first of these flags that was given, as it is typed. */
function givenFlag(flags: TrainingFlags, names: readonly string[]): string | undefined {
  const values = flags as unknown as Record<string, unknown>;
  const given = names.find((name) => values[name] !== undefined && values[name] !== false);
  return given?.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Flags that only Serial-OE's network has. */
const SERIAL_OE_FLAGS = ['reference', 'workers', 'weights'];

/**
 * The configuration of one of the networks that the paper compares itself with.
 * @throws UsageError for a flag of Serial-OE's network
 */
async function comparedConfig(
  flags: TrainingFlags,
  file: object,
  name: SystemName,
): Promise<{ config: object; seed: number }> {
  const refused = [...SERIAL_OE_FLAGS, ...(learnsFromAnomalies([name]) ? [] : ['knownAnomalies'])];
  const given = givenFlag(flags, refused);
  if (given !== undefined) {
    throw new UsageError(
      `--${given} is for the systems ${given === 'known-anomalies' ? 'ensemble, serial-oe and ddcsad-style' : 'ensemble and serial-oe'}, not for ${name}. Leave it out.`,
    );
  }
  const { epochs: nEpochs, batchSize: size, microBatch, seed } = flags;
  const microBatchSize = microBatch === 'auto' ? 0 : microBatch;
  const own = file as { optimization?: object; batch?: object };
  const overrides = {
    ...own,
    ...(seed !== undefined && { seed }),
    optimization: { ...own.optimization, ...(nEpochs !== undefined && { nEpochs }) },
    batch: {
      ...own.batch,
      ...(size !== undefined && { size }),
      ...(microBatchSize !== undefined && { microBatchSize }),
    },
  };
  const config = (await loadSystem(name)).resolveConfig(flags.preset, overrides);
  return { config, seed: (config as { seed: number }).seed };
}

function networkConfig(flags: TrainingFlags, file: object): SerialOeConfig {
  const config = resolveConfig(flags.preset, networkChanges(flags, file));
  if (flags.reference === undefined) return config;
  try {
    return withReferenceDifferences(config, flags.reference.split(','));
  } catch (cause) {
    throw new UsageError(`--reference ${flags.reference}: ${(cause as Error).message}`);
  }
}

async function ensembleConfig(
  flags: TrainingFlags,
  file: EnsembleFile,
): Promise<{ config: object; seed: number }> {
  const { fusion, members = {}, ...ofNetwork } = file;
  const { [NETWORK_SYSTEM]: more, ...others } = members;
  const network = networkConfig(flags, { ...ofNetwork, ...more }); // first: it is told without tfjs
  const { seed, decision } = network;
  const { falseAlarmRate } = decision;
  const system = await loadSystem('ensemble');
  const withRate = Object.fromEntries(
    memberNames(system.resolveConfig(undefined, {})).map((member) => [
      member,
      { decision: { falseAlarmRate }, ...others[member] },
    ]),
  );
  const overrides = {
    ...{ seed, fusion, decision: { falseAlarmRate } },
    members: { ...others, ...withRate, [NETWORK_SYSTEM]: network },
  };
  return { config: system.resolveConfig(undefined, overrides), seed };
}

function memberNames(config: object): string[] {
  return Object.keys((config as { members: object }).members);
}
