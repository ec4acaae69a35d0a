import { ABOVE_ZERO, AT_LEAST_ZERO, checkNumber, checkOneOf } from '@serial-oe/foundation';

/** 'always' is the Serial-OE paper's; 'cosine' its reference implementation's. */
export type MixupSchedule = 'always' | 'cosine';

/**
 * Probability that a training step uses Mixup. 'always': 1. 'cosine': 0.5 (1 - cos(min(pi, 2 pi step / maxStep))),
 * which grows from 0 to 1 over the first half of the training and stays 1.
 * @param step steps done, at least 0.
 * @param maxStep steps of the whole training, above 0.
 * @param schedule default 'always'.
 * @throws TypeError or RangeError for values outside their range.
 * @example
 * const isMixed = random() < mixupProbability(step, maxStep, 'cosine');
 */
export function mixupProbability(step: number, maxStep: number, schedule: MixupSchedule = 'always'): number {
  checkNumber('losses-mixup.mixupProbability: step', step, AT_LEAST_ZERO);
  checkNumber('losses-mixup.mixupProbability: maxStep', maxStep, ABOVE_ZERO);
  checkOneOf('losses-mixup.mixupProbability: schedule', schedule, ['always', 'cosine']);
  return schedule === 'always' ? 1 : 0.5 * (1 - Math.cos(Math.min(Math.PI, (2 * Math.PI * step) / maxStep)));
}
