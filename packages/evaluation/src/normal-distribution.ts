/** Beyond this the standard normal distribution is 0 or 1 in float64. */
const RANGE = 38;

/** Enough halvings of [-RANGE, RANGE] to reach float64 resolution. */
const N_BISECTIONS = 64;

/**
 * Cumulative distribution of the standard normal, absolute error near 1e-16 and relative error below 1e-11.
 * For |x| < 4 by the series 1/2 + phi(x) (x + x^3/3 + x^5/(3*5) + ...), beyond by Laplace's continued fraction
 * phi(x) / (x + 1/(x + 2/(x + ...))) of the tail.
 * @see G. Marsaglia, "Evaluating the normal distribution", Journal of Statistical Software 11 (2004).
 */
export function normalCdf(x: number): number {
  const density = Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (Math.abs(x) >= 4) {
    let fraction = Math.abs(x);
    for (let k = 60; k >= 1; k--) fraction = Math.abs(x) + k / fraction;
    return x < 0 ? density / fraction : 1 - density / fraction;
  }
  let term = x;
  let sum = x;
  for (let k = 3; sum !== sum + term * 1e-3; k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + density * sum;
}

/** Inverse of {@link normalCdf} for 0 < p < 1, by bisection. */
export function normalQuantile(p: number): number {
  let low = -RANGE;
  let high = RANGE;
  for (let i = 0; i < N_BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
