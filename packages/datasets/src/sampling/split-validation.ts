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
  /**
   * The day or session of a clip, such as `({ path }) => sessionOf(path)`; undefined where it is not known. Where all of a machine
   * ID's clips have one, whole days are held out as long as they come near the share, so that what is measured on them holds for a day
   * that was not heard. Default: single clips.
   */
  sessionOf?: ((clip: Clip) => string | undefined) | undefined;
}

const OPTIONS: OptionNames<SplitValidationOptions> = { fraction: true, random: true, sessionOf: true };
/** Whole days may be so many times the share. */
const MOST_DAYS = 1.5;

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
    const n = nValidation(order.length, fraction);
    const days = options.sessionOf === undefined ? [] : wholeDays(order, n, options.sessionOf);
    for (const clip of days.length > 0 ? days : order.slice(0, n)) heldOut.add(clip);
  }
  return {
    train: clips.filter((clip) => !heldOut.has(clip)),
    validation: clips.filter((clip) => heldOut.has(clip)),
  };
}

/** Days in the order of their first clips, of about n clips together; none where a day is too much, or not known. */
function wholeDays<C extends Clip>(
  order: readonly C[],
  n: number,
  sessionOf: (clip: Clip) => string | undefined,
): C[] {
  const days = new Map<string | undefined, C[]>();
  for (const clip of order) {
    const day = sessionOf(clip);
    days.set(day, [...(days.get(day) ?? []), clip]);
  }
  if (days.has(undefined) || days.size < 2) return [];
  const taken: C[] = [];
  for (const clips of days.values()) {
    if (taken.length < n && taken.length + clips.length <= MOST_DAYS * n) taken.push(...clips);
  }
  return taken;
}

function nValidation(n: number, fraction: number): number {
  if (fraction === 0) return 0;
  return Math.min(n - 1, Math.max(1, Math.round(fraction * n)));
}
