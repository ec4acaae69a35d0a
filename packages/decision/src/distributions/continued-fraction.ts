/** Stands for 0 in a denominator. */
const TINY = 1e-300;
const MAX_TERMS = 100_000;

/** Partial numerator a and denominator b of a continued fraction. */
export interface FractionTerm {
  a: number;
  b: number;
}

/**
 * b0 + a1 / (b1 + a2 / (b2 + ...)), by the forward method of Lentz as Thompson and Barnett modified it.
 *
 * @param term the k-th, k = 1, 2, ...
 * @see I. J. Thompson, A. R. Barnett, "Coulomb and Bessel functions of complex arguments and order" (1986), section 3
 */
export function continuedFraction(b0: number, term: (k: number) => FractionTerm): number {
  let fraction = b0 || TINY;
  let numerator = fraction;
  let denominator = 0;
  for (let k = 1; k <= MAX_TERMS; k++) {
    const { a, b } = term(k);
    denominator = 1 / (b + a * denominator || TINY);
    numerator = b + a / numerator || TINY;
    const factor = numerator * denominator;
    fraction *= factor;
    if (Math.abs(factor - 1) <= Number.EPSILON) break;
  }
  return fraction;
}
