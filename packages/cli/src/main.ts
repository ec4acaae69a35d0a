import { TrainingInterruptedError } from '@serial-oe/runtime';
import { startBackend } from '@serial-oe/runtime/node';
import { loadSerialOe } from '@serial-oe/serial-oe';
import { Arguments, UsageError } from './arguments';
import { inspect, inspectText } from './commands/inspect';
import { COMMANDS } from './commands/specs/commands';
import { INSPECT } from './commands/specs/model-specs';
import { commandHelp, groupHelp, mainHelp } from './help';
import { runDataCheck } from './run-data-check';
import { runEvaluate } from './run-evaluate';
import { runExperiment } from './run-experiment';
import { runExport } from './run-export';
import { runScore } from './run-score';
import { runSynth } from './run-synth';
import { runTrain } from './run-train';
import { runWeightsImport, runWeightsInspect } from './run-weights';
import type { Terminal } from './terminal';
import { VERSION } from './version';

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
  'data check': runDataCheck,
  experiment: runExperiment,
  'weights import': runWeightsImport,
  'weights inspect': runWeightsInspect,
};

/** Runs one command line and returns the exit code; every error becomes a message on stderr. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  if (argv[0] === '--version' || argv[0] === '-v') {
    terminal.out(`${VERSION}\n`);
    return EXIT.done;
  }
  const isHelp = argv[0] === 'help' || isHelpFlag(argv[0]);
  const words = isHelp ? argv.slice(1) : argv;
  const spec = COMMANDS.find(({ name }) => words.slice(0, name.split(' ').length).join(' ') === name);
  if (spec === undefined) return showCommands(words, { isHelp }, terminal);
  const rest = words.slice(spec.name.split(' ').length);
  if (isHelp || rest.some(isHelpFlag)) {
    terminal.out(commandHelp(spec));
    return EXIT.done;
  }
  try {
    return await (RUNS[spec.name] as Run)(rest, terminal);
  } catch (error) {
    return report(error, terminal);
  }
}

function isHelpFlag(word: string | undefined): boolean {
  return word === '--help' || word === '-h';
}

/** The commands there are, or those of a group such as `weights`: as an answer, or because the line names none. */
function showCommands(words: readonly string[], { isHelp }: { isHelp: boolean }, terminal: Terminal): number {
  const [first, second] = words;
  const group = COMMANDS.filter(({ name }) => name.startsWith(`${first} `));
  const isGroup = group.length > 0;
  const page = isGroup ? groupHelp(group) : mainHelp(COMMANDS, VERSION);
  if (isHelp || (isGroup && isHelpFlag(second))) {
    terminal.out(page);
    return EXIT.done;
  }
  const missing = isGroup ? second : first;
  const name = isGroup ? `${first} ${second}` : first;
  terminal.err(`${missing === undefined ? '' : `serial-oe: unknown command "${name}".\n\n`}${page}`);
  return EXIT.usage;
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
