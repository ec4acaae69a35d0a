import { parseArgs } from 'node:util';

/** The command line is wrong; exit code 2. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}

/** One flag, for the parser and for the help text. */
export interface Flag {
  /** Without the dashes. */
  name: string;
  /** What stands for the value in the help text; a flag without one is a switch. */
  value?: string;
  isRepeatable?: boolean;
  text: string;
}

/** A command's face: what `--help` teaches and what the parser accepts. */
export interface CommandSpec {
  name: string;
  summary: string;
  usage: string;
  /** Commands that work when pasted, with what they do. */
  examples: readonly (readonly [command: string, text: string])[];
  flags: readonly Flag[];
  /** Further paragraphs. */
  notes?: readonly string[];
}

/** Flags as given, with typed access; every reader throws a UsageError that names the flag. */
export class Arguments {
  readonly positionals: string[];
  readonly #command: string;
  readonly #values: Record<string, string | boolean | (string | boolean)[] | undefined>;

  constructor(spec: CommandSpec, argv: readonly string[]) {
    this.#command = spec.name;
    const options = Object.fromEntries(
      spec.flags.map(({ name, value, isRepeatable = false }) => [
        name,
        { type: value === undefined ? ('boolean' as const) : ('string' as const), multiple: isRepeatable },
      ]),
    );
    try {
      const parsed = parseArgs({
        args: joinNegativeNumbers(argv),
        options,
        allowPositionals: true,
        strict: true,
      });
      this.#values = parsed.values;
      this.positionals = parsed.positionals;
    } catch (cause) {
      throw this.#usage((cause as Error).message, spec);
    }
  }

  has(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === '') throw this.#usage(`--${name} is needed.`);
    return value;
  }

  list(name: string): string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
  }

  integer(name: string, minimum: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < minimum) {
      throw this.#usage(`--${name} must be an integer of at least ${minimum}, got "${text}".`);
    }
    return value;
  }

  number(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value))
      throw this.#usage(`--${name} must be a number, got "${text}".`);
    return value;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const found = allowed.find((each) => each === text);
    if (found === undefined)
      throw this.#usage(`--${name} must be one of ${allowed.join(', ')}, got "${text}".`);
    return found;
  }

  noPositionals(): void {
    if (this.positionals.length > 0) throw this.#usage(`unexpected argument "${this.positionals[0]}".`);
  }

  usage(message: string): UsageError {
    return this.#usage(message);
  }

  #usage(message: string, spec?: CommandSpec): UsageError {
    const name = spec?.name ?? this.#command;
    const firstSentence = message.split('. To specify')[0] ?? message;
    return new UsageError(
      `serial-oe ${name}: ${firstSentence.replace(/\.?$/, '.')} See "serial-oe ${name} --help".`,
    );
  }
}

/** `--snr -6` as `--snr=-6`: parseArgs takes what begins with a dash for a flag. */
function joinNegativeNumbers(argv: readonly string[]): string[] {
  const joined: string[] = [];
  for (const argument of argv) {
    const previous = joined.at(-1);
    const isValue = /^-\.?\d/.test(argument) && previous !== undefined && /^--[^=]+$/.test(previous);
    if (isValue) joined[joined.length - 1] = `${previous}=${argument}`;
    else joined.push(argument);
  }
  return joined;
}
