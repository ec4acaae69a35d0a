import { type CommanderError, Option, Command as Parser } from 'commander';
import type { Terminal } from '../terminal/terminal';
import { VERSION } from '../version';
import type { Command, CommandSpec } from './command';
import type { Flag, Given } from './flag';
import { commandPage, groupPage, HELP_WIDTH, mainPage } from './help-pages';
import { type CommandLine, flagName } from './read-arguments';

/** What becomes of a command line. */
export interface ProgramOptions {
  terminal: Terminal;
  /** Runs the command that the line names. */
  run(command: Command, line: CommandLine): Promise<void>;
}

/** The parser has shown a page or cannot go on; `error` says which. */
export class ParserStop extends Error {
  readonly error: CommanderError;
  /** The command that it was at: '' for the program itself, `weights` for a group. */
  readonly path: string;
  /** The help page of that. */
  readonly page: string;

  constructor(error: CommanderError, path: string, page: string) {
    super(error.message);
    this.error = error;
    this.path = path;
    this.page = page;
  }
}

/** The parser of all commands; it throws {@link ParserStop} where none is to be run. */
export function createProgram(commands: readonly Command[], options: ProgramOptions): Parser {
  const specs = commands.map(({ spec }) => spec);
  const program = withFace(new Parser('serial-oe'), '', options).version(VERSION, '-v, --version');
  program.configureHelp({ helpWidth: HELP_WIDTH, formatHelp: (_, help) => mainPage(specs, VERSION, help) });
  for (const command of commands) {
    const words = command.spec.name.split(' ');
    const last = words.pop() as string;
    const parent = words.reduce((at, word) => groupOf(at, word, { specs, options }), program);
    addCommand(parent.command(last), command, options);
  }
  return program;
}

/** The commands that share the word, which come under it; made where it is the first of them. */
function groupOf(
  parent: Parser,
  word: string,
  { specs, options }: { specs: readonly CommandSpec[]; options: ProgramOptions },
): Parser {
  const known = parent.commands.find((each) => each.name() === word);
  if (known !== undefined) return known;
  const group = specs.filter(({ name }) => name.startsWith(`${word} `));
  return withFace(parent.command(word), word, options).configureHelp({
    helpWidth: HELP_WIDTH,
    formatHelp: (_, help) => groupPage(group, help),
  });
}

function addCommand(parser: Parser, command: Command, options: ProgramOptions): void {
  const { spec } = command;
  withFace(parser, spec.name, options)
    .configureHelp({ helpWidth: HELP_WIDTH, formatHelp: (_, help) => commandPage(spec, help) })
    .argument('[words...]')
    .action((words: string[], given: Record<string, Given>) => options.run(command, { given, words }));
  for (const [key, flag] of Object.entries(spec.flags)) parser.addOption(optionOf(key, flag));
}

function optionOf(key: string, { value, isRepeatable }: Flag): Option {
  const option = new Option(`--${flagName(key)}${value === undefined ? '' : ` <${value}>`}`);
  option.negate = false; // --no-baselines is a switch of that name, not the end of one that is on
  if (isRepeatable) option.argParser((text, before: readonly string[] = []) => [...before, text]);
  return option;
}

/** Pages go to the terminal; errors are left to who called. */
function withFace(parser: Parser, path: string, { terminal }: ProgramOptions): Parser {
  return parser
    .helpOption('-h, --help')
    .helpCommand(false)
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      outputError: () => {},
    })
    .exitOverride((error) => {
      throw new ParserStop(error, path, parser.helpInformation());
    });
}
