import {
  COUNT,
  checkNumber,
  checkOptions,
  numberWithin,
  type OptionNames,
  show,
  wholeNumber,
} from '@serial-oe/foundation';
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
   * Mean power of the ID's normal machine sound over the power of the factory noise, dB. Default 0; MIMII has
   * 6, 0 and -6.
   */
  snrDb?: number | undefined;
  /**
   * How much the IDs of a type differ, 0 to 10: at 0 they are copies, 1 (default) is one design with the tolerances of
   * manufacture (1 to 3 % in speed, 2 to 5 % in resonances), from 10 on each is a design of its own.
   */
  idSpread?: number | undefined;
  /**
   * How much clips of one ID differ in what the machine is set to, in drift and in the microphone's place, 0 to 3: 0 is a
   * test bench, 1 (default) a plant whose clips differ as much as recorded ones.
   */
  clipSpread?: number | undefined;
  /**
   * How severe the faults are, 0 to 10: at 0 anomalous clips are normal ones by another name, 1 (default) is a
   * fault as a workshop would find it, 4 is obvious. Single clips differ by up to 50 % from it.
   */
  severity?: number | undefined;
  /** Any finite number; default 0. */
  seed?: number | undefined;
}

export const SYNTHESIZE_OPTIONS: OptionNames<SynthesizeOptions> = {
  machineTypes: true,
  nIds: true,
  nTrain: true,
  nTest: true,
  nTestNormal: true,
  nTestAnomalous: true,
  durationSeconds: true,
  sampleRate: true,
  snrDb: true,
  idSpread: true,
  clipSpread: true,
  severity: true,
  seed: true,
};

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
  idSpread: number;
  clipSpread: number;
  severity: number;
  seed: number;
}

const RULES = {
  nIds: wholeNumber(1, 99),
  nTrain: COUNT,
  nTestNormal: COUNT,
  nTestAnomalous: COUNT,
  durationSeconds: numberWithin(0.1, 3600),
  sampleRate: wholeNumber(8000, 48_000),
  snrDb: numberWithin(-100, 200),
  idSpread: numberWithin(0, 10),
  clipSpread: numberWithin(0, 3),
  severity: numberWithin(0, 10),
  seed: numberWithin(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
};

/** Fills in defaults and refuses what cannot be synthesized; `where` opens the messages. */
export function resolveSynthesizeOptions(
  where: string,
  options: SynthesizeOptions = {},
  names: OptionNames<SynthesizeOptions> = SYNTHESIZE_OPTIONS,
): ResolvedSynthesizeOptions {
  checkOptions<object>(where, options, names);
  const { nTest = 5 } = options;
  const resolved: ResolvedSynthesizeOptions = {
    machineTypes: options.machineTypes ?? DCASE2020_MACHINE_TYPES,
    nIds: options.nIds ?? 3,
    nTrain: options.nTrain ?? 10,
    nTestNormal: options.nTestNormal ?? nTest,
    nTestAnomalous: options.nTestAnomalous ?? nTest,
    durationSeconds: options.durationSeconds ?? 10,
    sampleRate: options.sampleRate ?? 16000,
    snrDb: options.snrDb ?? 0,
    idSpread: options.idSpread ?? 1,
    clipSpread: options.clipSpread ?? 1,
    severity: options.severity ?? 1,
    seed: options.seed ?? 0,
  };
  checkNumber(`${where}: nTest`, nTest, COUNT);
  checkMachineTypes(where, resolved.machineTypes);
  for (const [name, rule] of Object.entries(RULES)) {
    checkNumber(`${where}: ${name}`, resolved[name as keyof typeof RULES], rule);
  }
  return resolved;
}

/** Throws unless these are some of the six types, each once. */
export function checkMachineTypes(where: string, machineTypes: readonly string[]): void {
  const known: readonly string[] = DCASE2020_MACHINE_TYPES;
  if (!Array.isArray(machineTypes)) {
    throw new TypeError(`${where}: machineTypes must be a list of machine types, got ${show(machineTypes)}.`);
  }
  const bad = machineTypes.filter((type, i) => !known.includes(type) || machineTypes.indexOf(type) !== i);
  if (machineTypes.length === 0 || bad.length > 0) {
    throw new RangeError(
      `${where}: machineTypes must be some of ${known.join(', ')}, each once, got ` +
        `${machineTypes.length === 0 ? 'none' : bad.join(', ')}.`,
    );
  }
}
