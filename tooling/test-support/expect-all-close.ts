/** Tolerances of {@link expectAllClose}: |actual - expected| <= atol + rtol * |expected|. */
export interface Tolerance {
  rtol: number;
  atol: number;
}

type Values = ArrayLike<number> | number;

/**
 * Asserts that two flat arrays (or numbers) have the same length and agree value by value, as NumPy's
 * `assert_allclose` does, but NaN never passes. The message names the worst index.
 */
export function expectAllClose(actual: Values, expected: Values, { rtol, atol }: Tolerance): void {
  const a = typeof actual === 'number' ? [actual] : actual;
  const e = typeof expected === 'number' ? [expected] : expected;
  if (a.length !== e.length) throw new Error(`expectAllClose: length ${a.length}, expected ${e.length}`);
  let worst = -1;
  let worstExcess = 0;
  for (let i = 0; i < e.length; i++) {
    const want = e[i] as number;
    const excess = Math.abs((a[i] as number) - want) / (atol + rtol * Math.abs(want));
    const isEqual = a[i] === want; // covers rtol = atol = 0 and equal infinities
    if (!isEqual && !(excess <= 1) && !(worst >= 0 && excess <= worstExcess)) {
      worst = i;
      worstExcess = excess;
    }
  }
  if (worst >= 0) {
    throw new Error(
      `expectAllClose: index ${worst}: got ${a[worst]}, expected ${e[worst]} ` +
        `(rtol ${rtol}, atol ${atol}; ${worstExcess.toPrecision(4)} times the tolerance)`,
    );
  }
}
