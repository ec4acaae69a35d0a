import type { CommandSpec, Flags, ValuesOf } from './command';
import type { Given } from './flag';
import { UsageError } from './usage-error';

/** The command line of one command, as the parser cut it into flags and words. */
export interface CommandLine {
  /** By the names in camelCase. */
  given: Readonly<Record<string, Given>>;
  words: readonly string[];
}

/** `machineType` as it is typed: `machine-type`. */
export function flagName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * Checks a command line and gives the flags their values, in the order of the help page.
 * @throws UsageError for what is missing, too much, or not what a flag takes
 */
export function readArguments<F extends Flags>(
  { flags, words: rule = { min: 0, max: 0, needed: '' } }: CommandSpec<F>,
  { given, words }: CommandLine,
): ValuesOf<F> {
  const excess = words[rule.max ?? words.length];
  if (words.length < rule.min || (excess !== undefined && rule.min > 0)) throw new UsageError(rule.needed);
  if (excess !== undefined) throw new UsageError(`unexpected argument "${excess}".`);
  const values = Object.entries(flags).map(([key, flag]) => {
    const name = `--${flagName(key)}`;
    refuseFlags(name, given[key]);
    return [key, flag.read(given[key], name)];
  });
  return Object.fromEntries(values) as ValuesOf<F>;
}

/** `--out --json`: the parser takes whatever follows a flag for its value. */
function refuseFlags(name: string, given: Given): void {
  const texts = typeof given === 'object' ? given : [given];
  const flag = texts.find((text) => typeof text === 'string' && text.startsWith('--'));
  if (flag !== undefined) throw new UsageError(`${name} needs a value, got the flag ${flag}.`);
}
