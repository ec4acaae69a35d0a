import type { Command } from './command/command';
import { runProgram } from './command/run-program';
import { command as addMachine } from './commands/add-machine';
import { command as calibrate } from './commands/calibrate';
import { command as compare } from './commands/compare';
import { command as config } from './commands/config';
import { command as dataCheck } from './commands/data-check';
import { command as demo } from './commands/demo';
import { command as evaluate } from './commands/evaluate';
import { command as experiment } from './commands/experiment';
import { command as exportModel } from './commands/export';
import { command as finetune } from './commands/finetune';
import { command as fleetNode } from './commands/fleet-node';
import { command as fleetPublish } from './commands/fleet-publish';
import { command as fleetSimulate } from './commands/fleet-simulate';
import { command as inspect } from './commands/inspect';
import { command as label } from './commands/label';
import { command as monitor } from './commands/monitor';
import { command as score } from './commands/score';
import { command as selftest } from './commands/selftest';
import { command as synth } from './commands/synth';
import { command as train } from './commands/train';
import { command as watch } from './commands/watch';
import { command as weightsImport } from './commands/weights-import';
import { command as weightsInspect } from './commands/weights-inspect';
import { command as worker } from './commands/worker';
import { printableTerminal, type Terminal } from './terminal/terminal';

/** Every command, in the order of the main help page. */
export const COMMANDS: readonly Command[] = [
  demo,
  synth,
  train,
  score,
  evaluate,
  monitor,
  watch,
  exportModel,
  inspect,
  config,
  dataCheck,
  compare,
  addMachine,
  calibrate,
  label,
  finetune,
  selftest,
  experiment,
  worker,
  fleetNode,
  fleetPublish,
  fleetSimulate,
  weightsImport,
  weightsInspect,
];

/** Runs one command line and returns the exit code; every error becomes a message on stderr. */
export function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  return runProgram(COMMANDS, argv, printableTerminal(terminal));
}
