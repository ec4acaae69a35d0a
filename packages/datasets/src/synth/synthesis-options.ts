import { checkCount, checkRange } from '../check';
import { DCASE2020_MACHINE_TYPES, type Dcase2020MachineType } from '../dcase/dcase2020-splits';

export interface SynthesizeOptions {
  /** Default: all six of DCASE2020 Task 2. */
  machineTypes?: readonly Dcase2020MachineType[] | undefined;
  /** Machine IDs a type, 1 to 99. Default 3. They count from 00, from 01 for ToyCar and ToyConveyor. */
  nIds?: number | undefined;
  /** Normal training clips an ID. Default 10. */
  nTrain?: number | undefined;
  /** Normal test clips an ID, and anomalous test clips an ID, unless said apart. Default 5 of each. */
  nTest?: number | undefined;
  /** Normal test clips an ID. Default `nTest`. */
  nTestNormal?: number | undefined;
  /** Anomalous test clips an ID; they take turns through the type's kinds of fault. Default `nTest`. */
  nTestAnomalous?: number | undefined;
  /** Default 10. */
  durationSeconds?: number | undefined;
  /** Hz, 8,000 to 48,000. Default 16,000. */
  sampleRate?: number | undefined;
  /**
   * Mean power of the ID's normal machine sound over the power of the factory noise, dB. Default 6; MIMII has
   * 6, 0 and -6.
   */
  snrDb?: number | undefined;
  /**
   * How severe the faults are, 0 to 10: at 0 anomalous clips are normal ones by another name, 1 (default) is a
   * fault as a workshop would find it, 4 is obvious. Single clips differ by up to 50 % from it.
   */
  severity?: number | undefined;
  /** Any finite number; default 0. */
  seed?: number | undefined;
}

/** The options with every default filled in. */
export interface ResolvedSynthesizeOptions {
  machineTypes: readonly Dcase2020MachineType[];
  nIds: number;
  nTrain: number;
  nTestNormal: number;
  nTestAnomalous: number;
  durationSeconds: number;
  sampleRate: number;
  snrDb: number;
  severity: number;
  seed: number;
}

/** Fills in defaults and refuses what cannot be synthesized; `where` names the caller in messages. */
export function resolveSynthesizeOptions(
  where: string,
  options: SynthesizeOptions = {},
): ResolvedSynthesizeOptions {
  const { nTest = 5 } = options;
  const resolved: ResolvedSynthesizeOptions = {
    machineTypes: options.machineTypes ?? DCASE2020_MACHINE_TYPES,
    nIds: options.nIds ?? 3,
    nTrain: options.nTrain ?? 10,
    nTestNormal: options.nTestNormal ?? nTest,
    nTestAnomalous: options.nTestAnomalous ?? nTest,
    durationSeconds: options.durationSeconds ?? 10,
    sampleRate: options.sampleRate ?? 16000,
    snrDb: options.snrDb ?? 6,
    severity: options.severity ?? 1,
    seed: options.seed ?? 0,
  };
  checkCount(where, 'nTest', nTest, 0);
  checkMachineTypes(where, resolved.machineTypes);
  checkCount(where, 'nIds', resolved.nIds, 1);
  checkRange(where, 'nIds', resolved.nIds, [1, 99]);
  for (const name of ['nTrain', 'nTestNormal', 'nTestAnomalous'] as const) {
    checkCount(where, name, resolved[name], 0);
  }
  checkRange(where, 'durationSeconds', resolved.durationSeconds, [0.1, 3600]);
  checkCount(where, 'sampleRate', resolved.sampleRate, 8000);
  checkRange(where, 'sampleRate', resolved.sampleRate, [8000, 48000]);
  checkRange(where, 'snrDb', resolved.snrDb, [-100, 200]);
  checkRange(where, 'severity', resolved.severity, [0, 10]);
  checkRange(where, 'seed', resolved.seed, [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]);
  return resolved;
}

/** Throws unless these are some of the six types, each once. */
export function checkMachineTypes(where: string, machineTypes: readonly string[]): void {
  const known: readonly string[] = DCASE2020_MACHINE_TYPES;
  if (!Array.isArray(machineTypes)) {
    throw new TypeError(
      `datasets.${where}: machineTypes must be a list of machine types, got ${JSON.stringify(machineTypes)}.`,
    );
  }
  const bad = machineTypes.filter((type, i) => !known.includes(type) || machineTypes.indexOf(type) !== i);
  if (machineTypes.length === 0 || bad.length > 0) {
    throw new RangeError(
      `datasets.${where}: machineTypes must be some of ${known.join(', ')}, each once, got ` +
        `${machineTypes.length === 0 ? 'none' : bad.join(', ')}.`,
    );
  }
}
