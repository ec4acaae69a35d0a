import { checkNumber, FINITE, type NumberRule } from '@serial-oe/foundation';

/** A confidence of intervals. */
export const CONFIDENCE: NumberRule = { isValid: (x) => x > 0 && x < 1, rule: 'be a number in (0, 1)' };

/**
 * A copy of the scores, in their order.
 *
 * @param where `<package>.<function>: <parameter>`
 * @throws RangeError for fewer than `atLeast` scores or one that is not finite, TypeError for another kind
 */
export function checkScores(where: string, scores: ArrayLike<number>, atLeast = 1): Float64Array {
  const n = scores?.length ?? 0;
  if (!(n >= atLeast)) {
    const least = atLeast === 1 ? 'hold at least one score' : `be at least ${atLeast} scores`;
    throw new RangeError(`${where} must ${least}, got ${n}. Score more normal clips.`);
  }
  return Float64Array.from(scores, (score, i) => checkNumber(`${where}[${i}]`, score, FINITE));
}
