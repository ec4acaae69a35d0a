import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { type MelFilterbankOptions, melFilterbank } from '../src/index';
import golden from './golden/audio-features.json';

function rows({ data, nMels, nBins }: ReturnType<typeof melFilterbank>): Float32Array[] {
  return Array.from({ length: nMels }, (_, m) => data.subarray(m * nBins, (m + 1) * nBins));
}

describe('melFilterbank', () => {
  it.each(golden.filterbanks)('equals torchaudio: $options', ({ options, values }) => {
    const bank = melFilterbank(options as MelFilterbankOptions);
    expect([bank.nMels, bank.nBins]).toEqual([options.nMels, options.nFft / 2 + 1]);
    expectAllClose(bank.data, values, { rtol: 1e-4, atol: 1e-5 * Math.max(...values) });
  });

  it('has the defaults of the mel spectrogram: 224 bands, none of them empty', () => {
    const bank = melFilterbank();
    expect([bank.nMels, bank.nBins, bank.data.length]).toEqual([224, 1025, 224 * 1025]);
    for (const row of rows(bank)) expect(Math.max(...row)).toBeGreaterThan(0);
  });

  it.each(['htk', 'slaney', 'linear'] as const)(
    'sums to 1 between the peaks of the outer bands: %s',
    (melScale) => {
      const bank = melFilterbank({ nMels: 40, melScale });
      const sums = Array.from({ length: bank.nBins }, (_, k) =>
        rows(bank).reduce((sum, row) => sum + row[k]!, 0),
      );
      const firstPeak = rows(bank)[0]!.indexOf(Math.max(...rows(bank)[0]!));
      const lastPeak = rows(bank)[39]!.indexOf(Math.max(...rows(bank)[39]!));
      const inside = sums.slice(firstPeak + 1, lastPeak);
      expect(inside.length).toBeGreaterThan(800);
      expectAllClose(
        inside,
        inside.map(() => 1),
        { rtol: 1e-6, atol: 0 },
      );
    },
  );

  it('has rows of area 1 with norm slaney', () => {
    const bank = melFilterbank({ nMels: 20, norm: 'slaney', nFft: 8192 });
    const areas = rows(bank).map((row) => row.reduce((sum, weight) => sum + weight, 0) * (16000 / 8192));
    expectAllClose(
      areas,
      areas.map(() => 1),
      { rtol: 2e-3, atol: 0 },
    );
  });

  it('is zero outside fMin and fMax, never negative, and rises and falls once a band', () => {
    const bank = melFilterbank({ nMels: 30, fMin: 500, fMax: 4000, nFft: 4096 });
    for (const row of rows(bank)) {
      const isOutside = (k: number) => (k * 16000) / 4096 <= 500 || (k * 16000) / 4096 >= 4000;
      expect(row.every((weight, k) => (isOutside(k) ? weight === 0 : weight >= 0))).toBe(true);
      const inside = row.filter((weight) => weight > 0);
      const peak = inside.indexOf(Math.max(...inside));
      expect(inside.slice(0, peak + 1)).toEqual(inside.slice(0, peak + 1).sort());
      expect(inside.slice(peak)).toEqual(inside.slice(peak).sort().reverse());
    }
  });

  it('leaves bands between two bins zero', () => {
    const bank = melFilterbank({ nFft: 256, nMels: 100, fMin: 0 });
    expect(rows(bank).some((row) => row.every((weight) => weight === 0))).toBe(true);
  });

  it('refuses what is out of range', () => {
    expect(() => melFilterbank({ nFft: 1000 })).toThrow(
      /^audio-features\.melFilterbank: nFft must be a power of two/,
    );
    expect(() => melFilterbank({ nMels: 1.5 })).toThrow(RangeError);
    expect(() => melFilterbank({ nMels: '8' as never })).toThrow(TypeError);
    expect(() => melFilterbank({ fMin: 9000 })).toThrow(/fMax \(fMin is 9000\)/);
    expect(() => melFilterbank({ fMax: 9000 })).toThrow(/half of sampleRate/);
  });
});
