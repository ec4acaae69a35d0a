/** From here on the asymptotic series below give float64 with the terms that are written out. */
const ASYMPTOTIC_FROM = 12;

/**
 * Logarithm of the gamma function for x > 0: Stirling's series from 12 on, reached by Gamma(x + 1) = x Gamma(x).
 * @see DLMF 5.11.1, 5.5.1
 */
export function logGamma(x: number): number {
  let product = 1;
  let z = x;
  for (; z < ASYMPTOTIC_FROM; z++) product *= z;
  const w = 1 / (z * z);
  const series =
    (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w * (1 / 1188 - (w * 691) / 360360))))) / z;
  return (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series - Math.log(product);
}

/**
 * Derivative of {@link logGamma} for x > 0.
 * @see DLMF 5.11.2, 5.5.2
 */
export function digamma(x: number): number {
  let sum = 0;
  let z = x;
  for (; z < ASYMPTOTIC_FROM; z++) sum -= 1 / z;
  const w = 1 / (z * z);
  const series =
    w * (1 / 12 - w * (1 / 120 - w * (1 / 252 - w * (1 / 240 - w * (1 / 132 - w * (691 / 32760))))));
  return sum + Math.log(z) - 1 / (2 * z) - series;
}
