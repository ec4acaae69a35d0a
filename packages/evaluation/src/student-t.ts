import { normalCdf } from './normal-distribution';

/** Enough halvings for float64. */
const N_BISECTIONS = 200;

/** Panels of Simpson's rule for the noncentral distribution; its error is then below 1e-8. */
const N_PANELS = 800;

/** Deviations of the chi distribution's mean within which nearly all of it lies. */
const CHI_RANGE = 12;

/**
 * Cumulative distribution of Student's t with a whole number of degrees of freedom, by its finite series in sine and cosine of
 * atan(t / sqrt(nDegrees)).
 * @see M. Abramowitz, I. A. Stegun, "Handbook of Mathematical Functions" (1964), 26.7.3 and 26.7.4.
 */
export function studentTCdf(t: number, nDegrees: number): number {
  const angle = Math.atan(t / Math.sqrt(nDegrees));
  const cosine = Math.cos(angle);
  const isOdd = nDegrees % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = nDegrees === 1 ? 0 : term;
  for (let k = isOdd ? 3 : 2; k < nDegrees; k += 2) {
    term *= ((k - 1) / k) * cosine * cosine;
    sum += term;
  }
  const inside = isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
  return (1 + inside) / 2;
}

/** Inverse of {@link studentTCdf} for 0.5 <= p < 1. */
export function studentTQuantile(p: number, nDegrees: number): number {
  let low = 0;
  let high = 1;
  while (studentTCdf(high, nDegrees) < p) {
    low = high;
    high *= 2;
  }
  for (let i = 0; i < N_BISECTIONS && low < high; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (studentTCdf(middle, nDegrees) < p) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * Cumulative distribution of the noncentral t, (Z + shift) / S with Z standard normal and S^2 chi-squared over its degrees of
 * freedom: the integral of Phi(t s - shift) over the density of S, by Simpson's rule.
 */
export function noncentralTCdf(t: number, { nDegrees, shift }: { nDegrees: number; shift: number }): number {
  const reach = CHI_RANGE / Math.sqrt(2 * nDegrees);
  const from = Math.max(0, 1 - reach);
  const width = (1 + reach - from) / N_PANELS;
  const logScale = logChiScale(nDegrees);
  const integrand = (s: number) => {
    const logPower = nDegrees === 1 ? 0 : (nDegrees - 1) * Math.log(s);
    return Math.exp(logScale + logPower - (nDegrees * s * s) / 2) * normalCdf(t * s - shift);
  };
  let sum = integrand(from) + integrand(from + N_PANELS * width);
  for (let i = 1; i < N_PANELS; i++) sum += (i % 2 === 1 ? 4 : 2) * integrand(from + i * width);
  return (sum * width) / 3;
}

/** Logarithm of n^(n/2) / (2^(n/2 - 1) Gamma(n/2)), the factor of the density of S. */
function logChiScale(n: number): number {
  let logGamma = n % 2 === 1 ? Math.log(Math.PI) / 2 : 0;
  for (let x = n % 2 === 1 ? 0.5 : 1; x < n / 2; x++) logGamma += Math.log(x);
  return (n / 2) * Math.log(n) - (n / 2 - 1) * Math.LN2 - logGamma;
}
