/** `id_00`, `ID-7`, `section_03`, or a number alone. */
const NUMBERED = /^(?:(?:id|section|sec)[ _-]?)?(\d+)(?:\.0+)?$/i;

/**
 * The one spelling of a machine ID: `0`, `00`, `000`, `id_00`, `ID-0`, `section_00` and a spreadsheet's `0.0` are `00`.
 * IDs that are no numbers stay as they are, but for spaces around them and the form of their Unicode letters.
 *
 * @example
 * normalizeMachineId('id_7'); // '07'
 * normalizeMachineId('M-12'); // 'M-12'
 */
export function normalizeMachineId(machineId: string): string {
  const text = machineId.normalize('NFC').trim();
  const digits = NUMBERED.exec(text)?.[1];
  return digits === undefined ? text : digits.replace(/^0+(?=\d)/, '').padStart(2, '0');
}

/** Whether a folder's name is an ID by its form: a number, with or without `id` or `section` before it. */
export function isIdName(name: string): boolean {
  return NUMBERED.test(name);
}

/** Whether it says `id` or `section` itself, so that it is one wherever it stands. */
export function isMarkedIdName(name: string): boolean {
  return isIdName(name) && !/^\d/.test(name);
}

/**
 * The ID in the middle of a recording's name, as cut, copied and renamed DCASE and MIMII clips have it:
 * `normal_id_02_00000000_seg1`, `fan_id_02_abnormal_00000000`. At the end (`clip_id_17`) it numbers the recording.
 *
 * @param name the base name, with or without its extension
 */
export function markedMachineIdIn(name: string): string | undefined {
  const stem = name.replace(/\.[a-z0-9]{2,5}$/i, '');
  const found = new Set(
    [...stem.matchAll(/(?<![\p{L}\p{N}])(?:id|section)[ _-]?(\d\d)(?=[^\p{L}\p{N}]+[\p{L}\p{N}])/giu)].map(
      ([, id]) => id as string,
    ),
  );
  return found.size === 1 ? normalizeMachineId([...found][0] as string) : undefined;
}

/** The ID among `known` that is spelled like this one or differs in spelling alone. */
export function findMachineId(known: readonly string[], machineId: string): string | undefined {
  if (known.includes(machineId)) return machineId;
  const normalized = normalizeMachineId(machineId);
  return known.find((each) => normalizeMachineId(each) === normalized);
}
