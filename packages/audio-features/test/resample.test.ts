import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { resample } from '../src/index';

function tone(frequency: number, rate: number, length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin((2 * Math.PI * frequency * i) / rate));
}

/** Samples of a clip that has 800 at the lower rate: wave-resampler is slow inside jest. */
function clipLength(fromRate: number, toRate: number): number {
  return Math.ceil((800 * fromRate) / Math.min(fromRate, toRate));
}

/** The middle of a clip, where the silence outside does not reach. */
function middle(waveform: Float32Array): Float32Array {
  return waveform.subarray(Math.floor(waveform.length * 0.35), Math.floor(waveform.length * 0.65));
}

function rms(waveform: Float32Array): number {
  return Math.sqrt(waveform.reduce((sum, sample) => sum + sample * sample, 0) / waveform.length);
}

const RATES: [number, number][] = [
  [48000, 16000],
  [44100, 16000],
  [22050, 16000],
  [16000, 11025],
  [48000, 44100],
  [96000, 8000],
  [16000, 44100],
  [8000, 16000],
];

describe.each(RATES)('resample from %i Hz to %i Hz', (fromRate, toRate) => {
  const nyquist = Math.min(fromRate, toRate) / 2;
  const length = clipLength(fromRate, toRate);

  it.each([0.02, 0.6, 0.95])(
    'keeps amplitude and phase of a sine at %d of the Nyquist frequency',
    (share) => {
      const frequency = Math.round(nyquist * share);
      const resampled = resample(tone(frequency, fromRate, length), fromRate, toRate);
      const expected = tone(frequency, toRate, resampled.length);
      expectAllClose(middle(resampled), middle(expected), { rtol: 0, atol: 2e-3 });
    },
  );

  it('has ceil(n to / from) samples', () => {
    for (const n of [1, 2, 161]) {
      expect(resample(new Float32Array(n).fill(0.5), fromRate, toRate)).toHaveLength(
        Math.ceil((n * toRate) / fromRate),
      );
    }
  });

  it('keeps a constant, up to the silence outside', () => {
    const resampled = middle(resample(new Float32Array(length).fill(0.25), fromRate, toRate));
    expectAllClose(
      resampled,
      resampled.map(() => 0.25),
      { rtol: 1e-4, atol: 0 },
    );
  });
});

describe('resample', () => {
  it.each(RATES.filter(([from, to]) => from > 1.05 * to))(
    'from %i Hz to %i Hz removes what would alias',
    (from, to) => {
      for (const [share, limit] of [
        [1.025, -45],
        [1.07, -90],
        [1.3, -110],
      ] as const) {
        const frequency = (to / 2) * share;
        if (frequency >= from / 2) continue;
        const length = clipLength(from, to);
        const fade = (i: number) => Math.sin((Math.PI * (i + 0.5)) / length) ** 2; // an abrupt start has all frequencies
        const rest = resample(
          tone(frequency, from, length).map((sample, i) => sample * fade(i)),
          from,
          to,
        );
        expect(20 * Math.log10(rms(rest) / Math.sqrt(3 / 16))).toBeLessThan(limit);
      }
    },
  );

  it.each([
    [44100, 16000, 441, 160],
    [48000, 16000, 900, 300],
    [16000, 44100, 320, 882],
    [16000, 11025, 640, 441],
  ])(
    'from %i Hz to %i Hz puts a click at sample %i on sample %i, the same on both sides',
    (from, to, before, after) => {
      const click = new Float32Array(2 * before);
      click[before] = 1;
      const resampled = resample(click, from, to);
      expect(resampled.indexOf(Math.max(...resampled))).toBe(after);
      for (const i of [1, 2, 7]) {
        expectAllClose(resampled[after + i]!, resampled[after - i]!, { rtol: 0, atol: 1e-6 });
      }
    },
  );

  it('is linear and comes back after a round trip', () => {
    const waveform = tone(440, 16000, 1000).map((sample, i) => sample + 0.3 * Math.cos(i));
    const there = resample(waveform, 16000, 48000);
    const back = resample(there, 48000, 16000);
    expect(back).toHaveLength(1000);
    expectAllClose(middle(back), middle(waveform), { rtol: 0, atol: 1e-3 });
    const halved = resample(
      waveform.map((sample) => sample / 2),
      16000,
      48000,
    );
    expectAllClose(
      halved,
      there.map((sample) => sample / 2),
      { rtol: 1e-6, atol: 1e-7 },
    );
  });

  it('copies for the same rate and leaves its argument alone', () => {
    const waveform = tone(100, 8000, 50);
    const copy = resample(waveform, 8000, 8000);
    expect(copy).toEqual(waveform);
    expect(copy).not.toBe(waveform);
    resample(waveform, 8000, 4000);
    expect(waveform).toEqual(copy);
  });

  it.each<[string, unknown, number, number, RegExp]>([
    ['an empty waveform', new Float32Array(0), 8000, 16000, /waveform must hold at least one sample/],
    ['NaN', Float32Array.of(NaN), 8000, 16000, /finite samples, got NaN at index 0/],
    ['plain numbers', [1, 2], 8000, 16000, /must be a Float32Array, got \[1, 2\]/],
    ['a rate of 0', new Float32Array(1), 0, 16000, /fromRate must be a whole number of at least 1, got 0/],
    ['a negative rate', new Float32Array(1), 8000, -1, /toRate must be a whole number of at least 1, got -1/],
    ['a rate that is no whole number', new Float32Array(1), 8000, 0.5, /toRate must be a whole number/],
    [
      'a rate that is NaN',
      new Float32Array(1),
      NaN,
      1,
      /fromRate must be a whole number of at least 1, got NaN/,
    ],
    [
      'no rate',
      new Float32Array(1),
      undefined as never,
      1,
      /fromRate must be a whole number of at least 1, got undefined/,
    ],
  ])('refuses %s', (_, waveform, fromRate, toRate, message) => {
    expect(() => resample(waveform as never, fromRate, toRate)).toThrow(message);
  });

  describe('is bounded by the length of the clip', () => {
    it.each([
      [44100, 16001],
      [65521, 65519],
      [96001, 16000],
      [999983, 16000],
      [16000, 999983],
      [1000, 1_000_000],
      [1_000_000, 1000],
      [999983, 999979],
      [1_000_000, 999_999],
    ])('from %i Hz to %i Hz', (from, to) => {
      const clip = tone(100, from, 300);
      expect(resample(clip, from, to)).toHaveLength(Math.ceil((300 * to) / from));
    });

    it.each([
      [96001, 16000, 3000],
      [999983, 16000, 30_000],
      [999983, 48000, 20_000],
    ])('and keeps amplitude and phase from %i Hz to %i Hz, without a common divisor', (from, to, length) => {
      const frequency = Math.round(to * 0.1);
      const resampled = resample(tone(frequency, from, length), from, to);
      expectAllClose(middle(resampled), middle(tone(frequency, to, resampled.length)), {
        rtol: 0,
        atol: 2e-3,
      });
    });

    it.each([
      [0xffffffff, 16000],
      [100_000_000, 16000],
      [1, 16000],
      [15, 16000],
      [16000, 1],
      [16000, 0xffffffff],
    ])('and refuses %i Hz to %i Hz', (from, to) => {
      expect(() => resample(new Float32Array(4000), from, to)).toThrow(
        new RangeError(
          `audio-features.resample: toRate must be at most 1000 times more or less than fromRate, got ${from} and ${to} Hz. Check the sample rate that the recording states.`,
        ),
      );
    });
  });
});
