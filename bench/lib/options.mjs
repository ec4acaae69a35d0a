import { parseArgs } from 'node:util';

/** Turns that a run needs whose figures are kept. */
export const MIN_TURNS = 5;

/** What times are counted by; the demo always by the wall's. */
const CLOCKS = ['wall', 'cpu'];

/**
 * The command's arguments.
 *
 * @param names of all measurements
 * @returns `isComplete`: whether the run measures everything often enough for its figures to be kept
 * @throws with the code of parseArgs' errors for arguments that make no sense
 */
export function parseOptions(args, names) {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      threads: { type: 'string', default: '1' },
      runs: { type: 'string', default: String(MIN_TURNS) },
      clock: { type: 'string', default: 'wall' },
      out: { type: 'string' },
      write: { type: 'boolean', default: false },
      'no-peers': { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const only = values.only === undefined ? names : list(values.only);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw usageError(`--only must name measurements (${names.join(', ')}), got ${unknown.join(', ')}.`);
  }
  const turns = positiveInteger('--runs', values.runs);
  const { clock } = values;
  if (!CLOCKS.includes(clock)) throw usageError(`--clock must be one of ${CLOCKS.join(', ')}, got ${clock}.`);
  return {
    names: names.filter((name) => only.includes(name)),
    threads: list(values.threads).map((text) => positiveInteger('--threads', text)),
    turns,
    clock,
    outFile: values.out,
    isWritten: values.write,
    hasPeers: !values['no-peers'],
    isBuilt: !values['no-build'],
    isHelp: values.help,
    isComplete:
      names.every((name) => only.includes(name)) &&
      turns >= MIN_TURNS &&
      !values['no-peers'] &&
      clock === 'wall',
  };
}

export function list(text) {
  return text.split(',').map((each) => each.trim());
}

export function positiveInteger(flag, text) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw usageError(`${flag} must hold integers of at least 1, got ${text}.`);
  }
  return value;
}

/** An error that ends the run with the exit code of wrong usage and without a stack trace. */
export function usageError(message) {
  return Object.assign(new Error(message), { code: 'ERR_PARSE_ARGS_BENCH' });
}
