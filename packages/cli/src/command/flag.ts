import { UsageError } from './usage-error';

/** What the command line gave for a flag: nothing, that it was there, its text, or all its texts where it is repeatable. */
export type Given = undefined | true | string | readonly string[];

/** One flag: what the parser accepts, what the help page says, and the value that a command gets. */
export interface Flag<T = unknown> {
  /** What stands for the value in the help text; a flag without one is a switch. */
  readonly value?: string;
  readonly isRepeatable?: boolean;
  /** Its line of the help page. */
  readonly text: string;
  /**
   * The value of what was given.
   * @param name as it is typed, with its dashes
   * @throws UsageError that names the flag
   */
  read(given: Given, name: string): T;
}

/** A flag without a value. */
export function switchFlag(text: string): Flag<boolean> {
  return { text, read: (given) => given === true };
}

/** Any text. */
export function textFlag(value: string, text: string): Flag<string | undefined> {
  return { value, text, read: (given) => (typeof given === 'string' ? given : undefined) };
}

/** The texts of a flag that may be given more than once. */
export function listFlag(value: string, text: string): Flag<readonly string[]> {
  return {
    value,
    text,
    isRepeatable: true,
    read: (given) => (typeof given === 'object' ? given : []),
  };
}

/** Names between commas. */
export function namesFlag(value: string, text: string): Flag<string[] | undefined> {
  return readsText(value, text, (given) => given.split(',').map((name) => name.trim()));
}

/** A whole number of at least `min`. */
export function integerFlag(value: string, text: string, { min }: { min: number }): Flag<number | undefined> {
  return readsText(value, text, (given, name) => {
    const number = Number(given);
    if (given.trim() !== '' && Number.isInteger(number) && number >= min) return number;
    throw new UsageError(`${name} must be an integer of at least ${min}, got "${given}".`);
  });
}

/** A number, of at least `min` where there is one. */
export function numberFlag(
  value: string,
  text: string,
  { min = Number.NEGATIVE_INFINITY }: { min?: number } = {},
): Flag<number | undefined> {
  return readsText(value, text, (given, name) => {
    const number = Number(given);
    if (given.trim() === '' || !Number.isFinite(number))
      throw new UsageError(`${name} must be a number, got "${given}".`);
    if (number < min) throw new UsageError(`${name} must be at least ${min}, got ${given}.`);
    return number;
  });
}

/** One of a few names. */
export function choiceFlag<const T extends string>(choices: readonly T[], text: string): Flag<T | undefined> {
  return readsText(choices.join('|'), text, (given, name) => {
    const found = choices.find((choice) => choice === given);
    if (found !== undefined) return found;
    throw new UsageError(`${name} must be one of ${choices.join(', ')}, got "${given}".`);
  });
}

/** What the second flag reads, where the text is not that one word. */
export function orWord<const W extends string, T>(word: W, flag: Flag<T>): Flag<T | W> {
  const read = (given: Given, name: string) => (given === word ? word : flag.read(given, name));
  return { ...flag, value: `${flag.value}|${word}`, read };
}

/** The same flag, which must be given. */
export function required<T>(flag: Flag<T>): Flag<Exclude<T, undefined>> {
  return {
    ...flag,
    read(given, name) {
      const value = flag.read(given, name);
      const isMissing = value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
      if (isMissing) throw new UsageError(`${name} is needed.`);
      return value as Exclude<T, undefined>;
    },
  };
}

function readsText<T>(
  value: string,
  text: string,
  parse: (given: string, name: string) => T,
): Flag<T | undefined> {
  const read = (given: Given, name: string) => (typeof given === 'string' ? parse(given, name) : undefined);
  return { value, text, read };
}
