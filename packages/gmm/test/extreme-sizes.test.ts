import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { DegenerateDataError, GaussianMixture } from '../src/index';
import { blobs, seeded, TYPES } from './fixtures';

const X = blobs(1, 40, [
  [-3, 0],
  [3, 1],
]);
const sized = (size: number) => X.map((row) => row.map((value) => value * size));

describe.each(TYPES)('values of any size, %s', (covarianceType) => {
  const fit = (size: number) =>
    new GaussianMixture({ nComponents: 2, covarianceType, regCovar: 0, random: seeded(3) }).fit(sized(size));
  const plain = fit(1);

  // powers of two, which change no digit
  it.each([-400, -100, -20, 20, 100, 400])('2^%d gives the same mixture in another unit', (exponent) => {
    const size = 2 ** exponent;
    const mixture = fit(size);
    expect(mixture.nIter).toBe(plain.nIter);
    expect(mixture.converged).toBe(true);
    expectAllClose(
      mixture.means.flat().map((mean) => mean / size),
      plain.means.flat(),
      { rtol: 1e-9, atol: 1e-12 },
    );
    const shift = 2 * Math.log(size); // of a density in two columns
    const scores = Array.from(mixture.scoreSamples(sized(size)), (score) => score + shift);
    expectAllClose(scores, Array.from(plain.scoreSamples(X)), { rtol: 1e-9, atol: 1e-9 });
  });

  it.each([1e160, 1e300, 1e307])('%d is named: its squares are beyond float64', (size) => {
    expect(() => fit(size)).toThrow(DegenerateDataError);
    expect(() => fit(size)).toThrow(/squares within float64's range|finite numbers/);
  });

  it('rows far beyond the fit have the density 0, not NaN', () => {
    const scores = plain.scoreSamples([
      [1e30, 0],
      [1e150, -1e150],
      [1e160, 1e160],
      [-1.7e308, 1.7e308],
    ]);
    expect(scores.some(Number.isNaN)).toBe(false);
    expect(scores[0]).toBeLessThan(-1e50);
    expect(() => plain.predictProba([[1e160, 1e160]])).toThrow(
      /must lie within float64's range of some component/,
    );
  });
});
