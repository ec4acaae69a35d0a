import { ABOVE_ZERO, COUNT, checkNumber } from '@serial-oe/foundation';

export interface BackOff {
  /** Seconds before the first restart. Default 1. */
  first?: number | undefined;
  /** Seconds at most. Default 60. */
  most?: number | undefined;
}

/**
 * Seconds to wait before a source is started again: twice as long after each failure, up to the most.
 * @param nFailures in a row, 0 for the first restart
 */
export function restartDelay(nFailures: number, { first = 1, most = 60 }: BackOff = {}): number {
  checkNumber('monitor.restartDelay: nFailures', nFailures, COUNT);
  checkNumber('monitor.restartDelay: first', first, ABOVE_ZERO);
  checkNumber('monitor.restartDelay: most', most, ABOVE_ZERO);
  return Math.min(most, first * 2 ** Math.min(nFailures, 60));
}
