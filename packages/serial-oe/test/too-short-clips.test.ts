import { PRESETS } from '../src/config/presets';
import { FrontEnd } from '../src/features/front-end';

const frontEnd = new FrontEnd(PRESETS.paper.frontEnd); // 2 s at 16 kHz

function convert(nSamples: number, sampleRate: number): () => Float32Array {
  return () => frontEnd.toSampleRate(new Float32Array(nSamples), { sampleRate, name: 'a.wav' });
}

describe('the length of a clip', () => {
  it.each([
    [31_999, 16_000, '32000 samples at 16000 Hz', '31999 samples (1.99994 s)'],
    [1, 16_000, '32000 samples at 16000 Hz', '1 samples (0.00006 s)'],
    [8_000, 16_000, '32000 samples at 16000 Hz', '8000 samples (0.5 s)'],
    [88_197, 44_100, '88198 samples at 44100 Hz', '88197 samples (1.99993 s)'],
    [767_951, 384_000, '767977 samples at 384000 Hz', '767951 samples (1.999872 s)'],
    [100, 1_000_000, '1999938 samples at 1000000 Hz', '100 samples (0.0001 s)'],
  ])('of %i samples at %i Hz is told in figures that differ', (nSamples, rate, least, got) => {
    expect(convert(nSamples, rate)).toThrow(
      new RangeError(
        `serial-oe: a.wav must be at least 2 s long (one chunk, ${least}), got ${got}. Leave it out, or train with a smaller frontEnd.chunkSeconds.`,
      ),
    );
  });

  it.each([
    [32_000, 16_000],
    [16_000, 8_000],
    [88_198, 44_100],
  ])('of %i samples at %i Hz is just enough', (nSamples, rate) => {
    expect(convert(nSamples, rate)().length).toBeGreaterThanOrEqual(32_000);
  });

  it.each([1, 15, 100_000_000])('at the impossible rate of %i Hz ends at once, named', (rate) => {
    expect(convert(rate > 1e6 ? 3e8 / 16 : 40_000, rate)).toThrow(/a\.wav must be/);
  });
});
