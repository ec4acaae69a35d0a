import { checkRandom, checkRange } from '../check';
import type { Clip } from '../clip';
import { groupByMachine } from './group-by-machine';
import { shuffled } from './shuffled';

export interface SplitValidationOptions {
  /** Share of each machine ID's clips that is held out, in [0, 1). Default 0.15, the published code's. */
  fraction?: number;
  /** Uniform in [0, 1), such as `seededRandom(0)`. */
  random: () => number;
}

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
  { fraction = 0.15, random }: SplitValidationOptions,
): { train: C[]; validation: C[] } {
  checkRange('splitValidation', 'fraction', fraction, [0, 1]);
  if (fraction === 1) throw new RangeError('datasets.splitValidation: fraction must be below 1, got 1.');
  checkRandom('splitValidation', random);
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
