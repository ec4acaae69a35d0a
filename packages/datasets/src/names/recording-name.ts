import type { Label } from '../clip';
import { normalizeMachineId } from './machine-id';
import type { Domain, NamedSplit } from './read-name';

/** Which publication names recordings like this. */
export type NameForm = 'dcase2020' | 'dcase2021' | 'toyadmos' | 'toyadmos2';

/** What a recording's file name says by the rules of a published data set. */
export interface RecordingName {
  form: NameForm;
  label?: Label;
  machineId?: string;
  machineType?: string;
  split?: NamedSplit;
  domain?: Domain;
  /** What follows the number in the names of DCASE 2021 and later: `strength_1_ambient`. */
  attributes?: string;
  /** Neither normal nor faulty: noise alone, a machine without its surroundings. */
  isBackground?: boolean;
  /** Microphone or channel, where there is a file for each. */
  microphone?: string;
}

// {normal,anomaly}_id_NN_NNNNNNNN and, of the evaluation set, id_NN_NNNNNNNN; numbers of any length.
const DCASE2020 = /^(?:(normal|anomaly)_)?id_(\d+)_(\d+)$/i;
// section_NN_<domain>_<split>_<label>_NNNN_<attributes>; in evaluation sets without label, later without all three.
const DCASE2021 =
  /^section_(\d+)(?:_(source|target))?(?:_(train|test))?(?:_(normal|anomaly))?_(\d+)(?:_(.*))?$/i;
const SECTION = /^section_(\d+)_/i;
// 1101010001_ToyCar_case1_ab01_IND_ch1_0001
const TOYADMOS =
  /^\d+_(Toy[a-z]+)_case(\d+|All)_(normal|ab\d+|noise[a-z]*|env[a-z]*)_(IND|CNT)_(ch\d+)_\d+$/i;
// CN001-carA1-speed1_mic1_00001, CA001-carA1-speed1-a-damageL_mic1_00001; N1_mic3_01595
const TOYADMOS2 = /^([CT])([NA])\d+-(car|train)([A-Z])\d*-.*_(mic\d+)_\d+$/i;
const TOYADMOS2_NOISE = /^N\d+_(mic\d+)_\d+$/i;

/**
 * Reads a file's name by the rules of DCASE Task 2 (2020, and 2021 to 2026, which MIMII DUE, MIMII DG and what is mixed
 * from ToyADMOS2 share), ToyADMOS and ToyADMOS2.
 *
 * @param name the base name, with or without its extension
 * @returns `null` where it is of another kind
 */
export function readRecordingName(name: string): RecordingName | null {
  const stem = name.replace(/\.[a-z0-9]{2,5}$/i, '');
  return readDcase2020(stem) ?? readDcase2021(stem) ?? readToyAdmos(stem) ?? readToyAdmos2(stem);
}

function readDcase2020(stem: string): RecordingName | null {
  const match = DCASE2020.exec(stem);
  if (!match) return null;
  return { form: 'dcase2020', ...labelOf(match[1]), machineId: normalizeMachineId(match[2] as string) };
}

function readDcase2021(stem: string): RecordingName | null {
  const section = SECTION.exec(stem);
  if (!section) return null;
  const machineId = normalizeMachineId(section[1] as string);
  const match = DCASE2021.exec(stem);
  // section_00_noise_supplemental_normal_0000, section_00_machine_source_0000 and whatever else there may be
  if (!match) return { form: 'dcase2021', machineId, isBackground: true };
  const [, , domain, split, label, , attributes] = match;
  return {
    ...{ form: 'dcase2021' as const, machineId, ...labelOf(label) },
    ...(domain === undefined ? {} : { domain: domain.toLowerCase() as Domain }),
    ...(split === undefined ? {} : { split: split.toLowerCase() as NamedSplit }),
    ...(attributes === undefined || attributes === '' ? {} : { attributes }),
  };
}

function readToyAdmos(stem: string): RecordingName | null {
  const match = TOYADMOS.exec(stem);
  if (!match) return null;
  const [, , , what, , microphone] = match as unknown as string[];
  const kind = what!.toLowerCase();
  const common = { form: 'toyadmos' as const, microphone: microphone!.toLowerCase() };
  if (kind === 'normal') return { ...common, label: 'normal' };
  return kind.startsWith('ab') ? { ...common, label: 'anomaly' } : { ...common, isBackground: true };
}

function readToyAdmos2(stem: string): RecordingName | null {
  const noise = TOYADMOS2_NOISE.exec(stem);
  if (noise) return { form: 'toyadmos2', isBackground: true, microphone: noise[1]!.toLowerCase() };
  const match = TOYADMOS2.exec(stem);
  if (!match) return null;
  const [, , kind, toy, configuration, microphone] = match as unknown as string[];
  return {
    form: 'toyadmos2',
    label: kind!.toUpperCase() === 'A' ? 'anomaly' : 'normal',
    machineType: toy!.toLowerCase() === 'car' ? 'ToyCar' : 'ToyTrain',
    machineId: configuration!.toUpperCase(),
    microphone: microphone!.toLowerCase(),
  };
}

function labelOf(text: string | undefined): { label?: Label } {
  return text === undefined ? {} : { label: text.toLowerCase() as Label };
}
