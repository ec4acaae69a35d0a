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

/** The ID among `known` that is spelled like this one or differs in spelling alone. */
export function findMachineId(known: readonly string[], machineId: string): string | undefined {
  if (known.includes(machineId)) return machineId;
  const normalized = normalizeMachineId(machineId);
  return known.find((each) => normalizeMachineId(each) === normalized);
}
