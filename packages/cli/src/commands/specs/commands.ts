import type { CommandSpec } from '../../arguments';
import { DATA_CHECK, SYNTH } from './data-specs';
import { EXPERIMENT } from './experiment-spec';
import { EVALUATE, EXPORT, INSPECT, SCORE } from './model-specs';
import { TRAIN } from './train-spec';
import { WEIGHTS_IMPORT, WEIGHTS_INSPECT } from './weights-specs';

/** Every command, in the order of the main help page. */
export const COMMANDS: readonly CommandSpec[] = [
  SYNTH,
  TRAIN,
  SCORE,
  EVALUATE,
  EXPORT,
  INSPECT,
  DATA_CHECK,
  EXPERIMENT,
  WEIGHTS_IMPORT,
  WEIGHTS_INSPECT,
];
