import { TrainingInterruptedError } from '../errors';
import { loadSerialOe } from '../node';
import { VERSION } from '../version';
import { Arguments, UsageError } from './arguments';
import { startBackend } from './backends';
import { inspect, inspectText } from './commands/inspect';
import { COMMANDS } from './commands/specs/commands';
import { INSPECT } from './commands/specs/model-specs';
import { commandHelp, mainHelp } from './help';
import { runEvaluate } from './run-evaluate';
import { runExport } from './run-export';
import { runScore } from './run-score';
import { runSynth } from './run-synth';
import { runTrain } from './run-train';
import type { Terminal } from './terminal';

/** Exit codes. */
export const EXIT = { done: 0, failure: 1, usage: 2, interrupted: 130 } as const;

/** A command; returns the exit code. */
type Run = (argv: readonly string[], terminal: Terminal) => Promise<number>;

const RUNS: Readonly<Record<string, Run>> = {
  synth: runSynth,
  train: runTrain,
  score: runScore,
  evaluate: runEvaluate,
  export: runExport,
  inspect: runInspect,
};

/** Runs one command line and returns the exit code; every error becomes a message on stderr. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [command, ...rest] = argv;
  const isHelp = command === '--help' || command === '-h' || command === 'help';
  if (command === '--version' || command === '-v') {
    terminal.out(`${VERSION}\n`);
    return EXIT.done;
  }
  const spec = COMMANDS.find(({ name }) => name === (isHelp ? rest[0] : command));
  if (spec === undefined) {
    if (isHelp) terminal.out(mainHelp(COMMANDS, VERSION));
    else
      terminal.err(
        `${command === undefined ? '' : `serial-oe: unknown command "${command}".\n\n`}${mainHelp(COMMANDS, VERSION)}`,
      );
    return isHelp ? EXIT.done : EXIT.usage;
  }
  if (isHelp || rest.includes('--help') || rest.includes('-h')) {
    terminal.out(commandHelp(spec));
    return EXIT.done;
  }
  try {
    return await (RUNS[spec.name] as Run)(rest, terminal);
  } catch (error) {
    return report(error, terminal);
  }
}

function report(error: unknown, terminal: Terminal): number {
  if (!(error instanceof Error)) throw error;
  const isAbort = error instanceof TrainingInterruptedError || error.name === 'AbortError';
  terminal.err(`${isAbort && error.name === 'AbortError' ? 'serial-oe: interrupted.' : error.message}\n`);
  if (isAbort) return EXIT.interrupted;
  if (error instanceof UsageError) return EXIT.usage;
  if (process.env.SERIAL_OE_DEBUG) terminal.err(`${error.stack}\n`);
  return EXIT.failure;
}

async function runInspect(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = new Arguments(INSPECT, argv);
  const [path, ...others] = args.positionals;
  if (path === undefined || others.length > 0) throw args.usage('one MODEL is needed.');
  await startBackend('wasm');
  const model = await loadSerialOe(path);
  terminal.out(args.has('json') ? `${JSON.stringify(inspect(model), null, 1)}\n` : inspectText(model));
  model.dispose();
  return EXIT.done;
}
