import type { Terminal } from '../terminal/terminal';
import type { Command } from './command';
import { EXIT } from './exit-codes';
import { createProgram, ParserStop } from './program';
import { runCommand } from './run-command';

/** Runs the command that a line names, out of those there are, and returns the exit code. */
export async function runProgram(
  commands: readonly Command[],
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  let code: number = EXIT.done;
  const program = createProgram(commands, {
    terminal,
    async run(command, line) {
      code = await runCommand(command, line, terminal);
    },
  });
  // `help data check` and `--help data check` are `data check --help`: the parser knows neither for two words.
  const [first = '', ...others] = argv;
  const words = ['help', '--help', '-h'].includes(first) ? [...others, '--help'] : argv;
  try {
    await program.parseAsync(words, { from: 'user' });
    return code;
  } catch (stop) {
    if (stop instanceof ParserStop) return afterStop(stop, program.args, terminal);
    throw stop;
  }
}

function afterStop({ error, path, page }: ParserStop, words: readonly string[], terminal: Terminal): number {
  if (error.code === 'commander.help') return EXIT.usage; // the page is on stderr: the line names no command
  if (error.exitCode === 0) return EXIT.done;
  const name = path === '' ? 'serial-oe' : `serial-oe ${path}`;
  const [message = '', suggestion = ''] = error.message.replace(/^error: /, '').split('\n');
  const hint = suggestion === '' ? '.' : `. ${suggestion.replace(/[()]/g, '')}`;
  if (error.code === 'commander.unknownCommand') {
    const unknown = path === '' ? words[0] : words.slice(0, 2).join(' ');
    terminal.err(`serial-oe: unknown command "${unknown}"${hint}\n\n${page}`);
  } else terminal.err(`${name}: ${message}${hint} See "${name} --help".\n`);
  return EXIT.usage;
}
