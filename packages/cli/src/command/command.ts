import type { ProgressLine } from '../terminal/progress-line';
import type { Terminal } from '../terminal/terminal';
import type { Flag } from './flag';

/** Flags by their names in camelCase: `machineType` is `--machine-type`. */
export type Flags = Readonly<Record<string, Flag>>;

/** What a command gets for its flags. */
export type ValuesOf<F extends Flags> = {
  readonly [Name in keyof F]: F[Name] extends Flag<infer T> ? T : never;
};

/** A command's face: what `--help` teaches and what the parser accepts. */
export interface CommandSpec<F extends Flags = Flags> {
  /** One word, or two where it belongs to a group: `data check`. */
  readonly name: string;
  readonly summary: string;
  readonly usage: string;
  /** Commands that work when pasted, with what they do. */
  readonly examples: readonly (readonly [command: string, text: string])[];
  /** In the order of the help page. */
  readonly flags: F;
  /** How many words it takes beside its flags, and what is said where there are fewer; default none. */
  readonly words?: { readonly min: number; readonly max?: number; readonly needed: string };
  /** Further paragraphs of the help page. */
  readonly notes?: readonly string[];
  /** What the first Ctrl-C tells; without it Ctrl-C ends the process at once and `signal` is never set. */
  readonly stopping?: string;
}

/** What a command works with. */
export interface CommandContext<F extends Flags = Flags> {
  /** Values of the flags, checked. */
  args: ValuesOf<F>;
  /** What stands on the command line beside the flags. */
  words: readonly string[];
  /** Says on stderr where long work stands; closed when the command ends. */
  progress: ProgressLine;
  /** Set by Ctrl-C. */
  signal: AbortSignal;
  terminal: Terminal;
}

/** One command. What it needs of tfjs it imports when it runs, so that the others work without. */
export interface Command<F extends Flags = Flags> {
  readonly spec: CommandSpec<F>;
  /** Returns the exit code; every error becomes a message on stderr. */
  run(context: CommandContext<F>): Promise<number>;
}
