import { interruptSignal } from '../terminal/interrupt-signal';
import { ProgressLine } from '../terminal/progress-line';
import type { Terminal } from '../terminal/terminal';
import type { Command } from './command';
import { EXIT } from './exit-codes';
import { type CommandLine, readArguments } from './read-arguments';
import { UsageError } from './usage-error';

/** Errors that mean a stop that was asked for, by name: to load their classes is to load tfjs. */
const INTERRUPTIONS = ['AbortError', 'JobStoppedError', 'TrainingInterruptedError'];

/** Runs one command in its frame: checked arguments, progress line, Ctrl-C, messages for errors. Returns the exit code. */
export async function runCommand(command: Command, line: CommandLine, terminal: Terminal): Promise<number> {
  try {
    return await runInFrame(command, line, terminal);
  } catch (error) {
    return reportError(error, command.spec.name, terminal);
  }
}

async function runInFrame(command: Command, line: CommandLine, terminal: Terminal): Promise<number> {
  const { stopping } = command.spec;
  const args = readArguments(command.spec, line);
  const progress = new ProgressLine(terminal, { isQuiet: args.quiet === true });
  const { signal, release } =
    stopping === undefined
      ? { signal: new AbortController().signal, release: () => {} }
      : interruptSignal(() => progress.notice(stopping));
  try {
    return await command.run({ args, words: line.words, progress, signal, terminal });
  } finally {
    progress.close();
    release();
  }
}

function reportError(error: unknown, name: string, terminal: Terminal): number {
  if (!(error instanceof Error)) throw error;
  if (error instanceof UsageError) {
    terminal.err(`serial-oe ${name}: ${error.message} See "serial-oe ${name} --help".\n`);
    return EXIT.usage;
  }
  if (INTERRUPTIONS.includes(error.name)) {
    terminal.err(`${error.name === 'AbortError' ? 'serial-oe: interrupted.' : error.message}\n`);
    return EXIT.interrupted;
  }
  terminal.err(`${missingPeer(error, name) ?? error.message}\n`);
  if (process.env.SERIAL_OE_DEBUG) terminal.err(`${error.stack}\n`);
  return EXIT.failure;
}

/** What the command computes with, unless another backend is asked for. */
const [CORE, WASM] = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm'];

/** What to install where a package of tfjs is not; null for every other error. */
function missingPeer({ message, code }: NodeJS.ErrnoException, name: string): string | null {
  const [peer] =
    (/^(ERR_)?MODULE_NOT_FOUND$/.test(code ?? '') && /@tensorflow\/tfjs[\w-]*/.exec(message)) || [];
  if (peer === undefined) return null;
  const needed = peer === CORE || peer === WASM ? `${CORE} ${WASM}` : `${CORE} ${peer}`;
  return `serial-oe ${name}: ${peer} must be installed, got none. Run "npm install ${needed}" beside @serial-oe/cli.`;
}
