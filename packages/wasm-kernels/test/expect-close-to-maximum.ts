import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';

/** Asserts that the values differ by at most `fraction` of the largest expected magnitude. */
export function expectCloseToMaximum(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  fraction = 1e-4,
): void {
  const maximum = Array.from(expected).reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  expectAllClose(actual, expected, { rtol: 0, atol: fraction * maximum });
}
