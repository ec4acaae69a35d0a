import { seededRandom } from '@serial-oe/foundation';
import { resample, StreamResampler } from '../src/index';

function sound(nSamples: number): Float32Array {
  const random = seededRandom(1, 'sound');
  return Float32Array.from({ length: nSamples }, (_, i) => 0.5 * Math.sin(0.05 * i) + random() - 0.5);
}

/** All outputs one after the other, of pieces of random lengths. */
function inPieces(waveform: Float32Array, options: { fromRate: number; toRate: number; longest: number }) {
  const { longest, ...rates } = options;
  const random = seededRandom(2, 'pieces');
  const resampler = new StreamResampler(rates);
  const outputs: number[] = [];
  let mostLag = 0;
  for (let at = 0; at < waveform.length; ) {
    const next = Math.min(waveform.length, at + Math.floor(random() * longest));
    outputs.push(...resampler.push(waveform.subarray(at, next)));
    at = next;
    mostLag = Math.max(mostLag, at / rates.fromRate - outputs.length / rates.toRate);
  }
  outputs.push(...resampler.end());
  return { output: Float32Array.from(outputs), mostLag };
}

function expectSameSound(output: Float32Array, expected: Float32Array): void {
  expect(output.length).toBe(expected.length);
  let farthest = 0;
  for (const [i, value] of output.entries()) farthest = Math.max(farthest, Math.abs(value - expected[i]!));
  expect(farthest).toBeLessThan(2e-7);
}

describe('a stream that is resampled', () => {
  it.each([
    [44_100, 16_000, 2000],
    [48_000, 16_000, 10],
    [16_000, 44_100, 5000],
    [8000, 16_000, 100_000],
    [22_050, 16_000, 700],
    [96_000, 16_000, 50_000],
    [16_000, 16_000, 100],
    [44_100, 16_001, 20_000],
    [11_025, 48_000, 333],
  ])(
    'from %i to %i Hz in pieces of up to %i is what resample makes of the whole',
    (fromRate, toRate, longest) => {
      const waveform = sound(Math.round(1.7 * fromRate));
      const expected = resample(waveform, fromRate, toRate);
      const { output } = inPieces(waveform, { fromRate, toRate, longest });
      expect(output.length).toBe(expected.length);
      let farthest = 0;
      for (const [i, value] of output.entries())
        farthest = Math.max(farthest, Math.abs(value - expected[i]!));
      expect(farthest).toBeLessThan(2e-7);
    },
  );

  it('lags by less than a fifth of a second at usual rates', () => {
    expect(inPieces(sound(200_000), { fromRate: 44_100, toRate: 16_000, longest: 441 }).mostLag).toBeLessThan(
      0.2,
    );
  });

  it.each([1, 100, 1000, 44_100])('of %i samples ends as resample does', (nSamples) => {
    const waveform = sound(nSamples);
    const resampler = new StreamResampler({ fromRate: 44_100, toRate: 16_000 });
    const output = [...resampler.push(waveform), ...resampler.end()];
    expectSameSound(Float32Array.from(output), resample(waveform, 44_100, 16_000));
  });

  it('of nothing gives nothing', () => {
    const resampler = new StreamResampler({ fromRate: 44_100, toRate: 16_000 });
    expect(resampler.push(new Float32Array(0))).toEqual(new Float32Array(0));
    expect(resampler.end()).toEqual(new Float32Array(0));
  });

  it('keeps little, however long it lasts', () => {
    const resampler = new StreamResampler({ fromRate: 48_000, toRate: 16_000 });
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 400; i++) resampler.push(new Float32Array(4800));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * 2 ** 20);
  });

  it('refuses what is no sound, and goes on as if it had not come', () => {
    const resampler = new StreamResampler({ fromRate: 48_000, toRate: 16_000 });
    const waveform = sound(48_000);
    const outputs = [...resampler.push(waveform.subarray(0, 20_000))];
    expect(() => resampler.push(Float32Array.of(0, Number.NaN))).toThrow(RangeError);
    expect(() => resampler.push([0.1] as never)).toThrow(TypeError);
    outputs.push(...resampler.push(waveform.subarray(20_000)), ...resampler.end());
    expect(outputs.length).toBe(16_000);
    expect(() => resampler.push(waveform)).toThrow('the stream must not have ended');
    expect(() => resampler.end()).toThrow('the stream must not have ended');
  });

  it('refuses rates that cannot be', () => {
    expect(() => new StreamResampler({ fromRate: 0, toRate: 1 })).toThrow(/fromRate/);
    expect(() => new StreamResampler({ fromRate: 44_100.5, toRate: 16_000 })).toThrow(/fromRate/);
    expect(() => new StreamResampler({ fromRate: 10_000_000, toRate: 1 })).toThrow(/at most/);
    expect(() => new StreamResampler({ fromRate: 1, toRate: 1, rate: 1 } as never)).toThrow(/unknown/);
  });
});
