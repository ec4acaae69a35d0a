import type { CommandSpec } from '../../arguments';
import { SYNTH } from './data-specs';
import { EVALUATE, EXPORT, INSPECT, SCORE } from './model-specs';
import { TRAIN } from './train-spec';

/** Every command, in the order of the main help page. */
export const COMMANDS: readonly CommandSpec[] = [SYNTH, TRAIN, SCORE, EVALUATE, EXPORT, INSPECT];
