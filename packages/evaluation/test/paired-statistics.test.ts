import { seededRandom } from '@serial-oe/foundation';
import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { pairedBootstrap, pairedDifference, pairsNeeded } from '../src/index';
import { pairedPower } from '../src/pairs-needed';
import { noncentralTCdf, studentTCdf, studentTQuantile } from '../src/student-t';
import golden from './golden/paired-statistics.json';

describe("Student's t", () => {
  it.each(golden.student)(
    'equals SciPy with $nDegrees degrees of freedom',
    ({ nDegrees, cdf, quantiles }) => {
      expectAllClose(
        golden.points.map((t) => studentTCdf(t, nDegrees)),
        cdf,
        golden.tolerance,
      );
      expectAllClose(
        golden.levels.map((p) => studentTQuantile(p, nDegrees)),
        quantiles,
        golden.tolerance,
      );
    },
  );

  it('equals SciPy where it is noncentral', () => {
    const { noncentral, noncentralTolerance } = golden;
    expectAllClose(
      noncentral.map(({ t, nDegrees, shift }) => noncentralTCdf(t, { nDegrees, shift })),
      noncentral.map(({ cdf }) => cdf),
      noncentralTolerance,
    );
  });
});

describe('pairedDifference', () => {
  it.each(golden.differences)(
    'equals SciPy: $confidence of $values',
    ({ values, base, confidence, ...expected }) => {
      const { mean, std, lower, upper, nPairs } = pairedDifference(values, base, { confidence });
      expectAllClose(
        [mean, std, lower, upper],
        [expected.mean, expected.std, expected.lower, expected.upper],
        { rtol: 1e-9, atol: 1e-14 },
      );
      expect(nPairs).toBe(values.length);
    },
  );

  it('has the confidence 0.95 by default, and no spread where all pairs differ alike', () => {
    const { mean, std, lower, upper, confidence } = pairedDifference([3, 4, 9], [1, 2, 7]);
    expect({ mean, std, lower, upper, confidence }).toEqual({
      ...{ mean: 2, std: 0, lower: 2, upper: 2 },
      confidence: 0.95,
    });
  });

  it.each([
    [[1], [1], /values and base must have the same length of at least 2, got 1 and 1/],
    [[1, 2], [1], /got 2 and 1/],
    [[1, Number.NaN], [1, 2], /values\[1\] must be a finite number, got NaN/],
  ])('refuses %p and %p', (values, base, message) => {
    expect(() => pairedDifference(values, base)).toThrow(message);
    expect(() => pairedDifference([1, 2], [1, 2], { confidence: 95 })).toThrow(/Give a fraction/);
  });
});

describe('pairsNeeded', () => {
  it.each(golden.needed)('equals statsmodels: $nPairs for $options', ({ options, nPairs, power }) => {
    expect(pairsNeeded(options)).toBe(nPairs);
    const { std, difference, significance } = options;
    const effect = difference / std;
    expectAllClose([pairedPower(nPairs, { effect, significance })], [power], golden.noncentralTolerance);
    if (nPairs > 2) expect(pairedPower(nPairs - 1, { effect, significance })).toBeLessThan(options.power);
  });

  it('has power 0.8 and significance 0.05 by default', () => {
    expect(pairsNeeded({ std: 0.02, difference: 0.03 })).toBe(
      pairsNeeded({ std: 0.02, difference: 0.03, power: 0.8, significance: 0.05 }),
    );
  });

  it('is 2 without a spread, and Infinity for what nobody can find', () => {
    expect(pairsNeeded({ std: 0, difference: 0.03 })).toBe(2);
    expect(pairsNeeded({ std: 1, difference: 1e-3 })).toBe(Infinity);
  });

  it('refuses what is out of range', () => {
    expect(() => pairsNeeded({ std: -1, difference: 1 })).toThrow(
      /std must be a finite number of at least 0/,
    );
    expect(() => pairsNeeded({ std: 1, difference: 0 })).toThrow(
      /difference must be a finite number above 0/,
    );
    expect(() => pairsNeeded({ std: 1, difference: 1, power: 1 })).toThrow(/power must lie between 0 and 1/);
  });
});

describe('pairedBootstrap', () => {
  const { first, second, nResamples, confidence, indices, estimate, interval } = golden.bootstrap;
  const mean = (values: number[], clips: Int32Array) =>
    clips.reduce((sum, i) => sum + values[i]!, 0) / clips.length;

  it('equals SciPy on the same draws', () => {
    const uniforms = indices.flat().map((index) => (index + 0.5) / first.length);
    let next = 0;
    const [figure] = pairedBootstrap({
      ...{ nResamples, confidence, strata: first.map(() => 'all') },
      statistics: (clips) => [mean(second, clips) - mean(first, clips)],
      random: () => uniforms[next++]!,
    });
    expectAllClose([figure!.estimate, figure!.lower, figure!.upper], [estimate, ...interval], {
      rtol: 1e-10,
      atol: 1e-14,
    });
    expect(next).toBe(uniforms.length);
  });

  it('draws the clips of each stratum among themselves', () => {
    const strata = ['a', 'b', 'a', 'c', 'b', 'a'];
    pairedBootstrap({
      strata,
      statistics: (clips) => {
        expect(Array.from(clips, (i) => strata[i])).toEqual(strata);
        return [0];
      },
      nResamples: 50,
      random: seededRandom(1),
    });
  });

  it('sees what two systems share drop out of their difference', () => {
    const noisy = Array.from({ length: 40 }, (_, i) => Math.sin(i * 12.9898) * 10);
    const [alone, difference] = pairedBootstrap({
      strata: noisy.map(() => ''),
      statistics: (clips) => {
        const own = mean(noisy, clips);
        return [own, own + 0.5 - own];
      },
      nResamples: 200,
      random: seededRandom(2),
    });
    expect(alone!.upper - alone!.lower).toBeGreaterThan(1);
    expectAllClose([difference!.lower, difference!.upper], [0.5, 0.5], { rtol: 0, atol: 1e-12 });
  });

  it('refuses what is not finite or not there', () => {
    const options = { strata: ['a', 'b'], random: seededRandom(0) };
    expect(() => pairedBootstrap({ ...options, statistics: () => [Number.NaN] })).toThrow(
      /statistics must give finite numbers, as many on every resample/,
    );
    expect(() => pairedBootstrap({ ...options, strata: [], statistics: () => [1] })).toThrow(/at least one/);
  });
});
