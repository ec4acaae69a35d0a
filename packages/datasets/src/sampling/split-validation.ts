import {
  checkedRandom,
  checkNumber,
  checkOptions,
  checkRandom,
  type OptionNames,
  RATE,
  shuffled,
} from '@serial-oe/foundation';
import type { Clip } from '../clip';
import { groupByMachine } from './group-by-machine';

export interface SplitValidationOptions {
  /** Share of each machine ID's clips that is held out, in [0, 1). Default 1/6, the published code's: one of int(1 / 0.15) folds. */
  fraction?: number;
  /** Uniform in [0, 1), such as `seededRandom(0)`. */
  random: () => number;
}

const OPTIONS: OptionNames<SplitValidationOptions> = { fraction: true, random: true };

/**
 * Splits clips into a training and a validation part, each machine ID (of each type) by the same share.
 *
 * Of an ID's n clips, `round(fraction * n)` are held out, but at least 1 where n >= 2 and fraction > 0, and
 * never all: at least 1 stays in train, so an ID with one clip has no validation clip. The result depends on
 * the clips' paths, not on their order; both parts keep the order of the input.
 *
 * @throws RangeError where fraction is outside [0, 1)
 */
export function splitValidation<C extends Clip>(
  clips: readonly C[],
  options: SplitValidationOptions,
): { train: C[]; validation: C[] } {
  const here = 'datasets.splitValidation';
  checkOptions(here, options, OPTIONS);
  const { fraction = 1 / 6 } = options;
  checkNumber(`${here}: fraction`, fraction, RATE);
  const random = checkedRandom(here, checkRandom(`${here}: random`, options.random));
  const heldOut = new Set<C>();
  for (const group of groupByMachine(clips)) {
    const order = shuffled(group.clips, random);
    for (const clip of order.slice(0, nValidation(order.length, fraction))) heldOut.add(clip);
  }
  return {
    train: clips.filter((clip) => !heldOut.has(clip)),
    validation: clips.filter((clip) => heldOut.has(clip)),
  };
}

function nValidation(n: number, fraction: number): number {
  if (fraction === 0) return 0;
  return Math.min(n - 1, Math.max(1, Math.round(fraction * n)));
}
