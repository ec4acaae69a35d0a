import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { betaCdf, betaQuantile } from '../src/distributions/beta';
import { gammaQuantile, gammaUpper } from '../src/distributions/gamma';
import { digamma, logGamma } from '../src/distributions/log-gamma';
import { normalQuantile, normalUpper } from '../src/distributions/normal';
import { studentTUpper } from '../src/distributions/student-t';

const golden = JSON.parse(readFileSync(join(__dirname, 'golden/decision.json'), 'utf8'));
const TOLERANCE: number = golden.tolerance.distributions;

const FUNCTIONS: Record<string, (...numbers: number[]) => number> = {
  logGamma: (x) => logGamma(x!),
  digamma: (x) => digamma(x!),
  gammaUpper: (shape, x) => gammaUpper(shape!, x!),
  gammaQuantile: (shape, upper) => gammaQuantile(shape!, upper!),
  betaCdf: (x, a, b) => betaCdf(x!, { a: a!, b: b! }),
  betaQuantile: (p, a, b) => betaQuantile(p!, { a: a!, b: b! }),
  normalUpper: (z) => normalUpper(z!),
  normalQuantile: (upper) => normalQuantile(upper!),
  studentTUpper: (t, nDegrees) => studentTUpper(t!, nDegrees!),
};

/** Relative, and absolute near 0. */
function largestError(name: string): number {
  const cases: number[][] = golden.distributions[name];
  const errors = cases.map((numbers) => {
    const expected = numbers.at(-1)!;
    const error = Math.abs(FUNCTIONS[name]!(...numbers.slice(0, -1)) - expected);
    return error / Math.max(Math.abs(expected), 1e-3);
  });
  expect(errors.length).toBeGreaterThan(4);
  return Math.max(...errors);
}

it.each(Object.keys(FUNCTIONS))("%s is SciPy's", (name) => {
  expect(largestError(name)).toBeLessThan(TOLERANCE);
});

it('tells tails to their relative digits', () => {
  for (const [z, upper] of golden.distributions.normalUpper as [number, number][]) {
    if (upper > 0) expect(normalUpper(z) / upper).toBeCloseTo(1, 9);
  }
  for (const [t, n, upper] of golden.distributions.studentTUpper as [number, number, number][]) {
    expect(studentTUpper(t, n) / upper).toBeCloseTo(1, 9);
  }
});
