import fc from 'fast-check';
import { decodeWav, type EncodeWavOptions, encodeWav } from '../src/index';

const OPTIONS: EncodeWavOptions[] = [
  { bitDepth: 8 },
  {},
  { bitDepth: 24 },
  { bitDepth: 32 },
  { encoding: 'float' },
  { encoding: 'float', bitDepth: 64 },
];

const clip = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 40 }))
  .chain(([nChannels, nSamples]) =>
    fc.array(fc.float32Array({ min: -1, max: 1, noNaN: true, minLength: nSamples, maxLength: nSamples }), {
      minLength: nChannels,
      maxLength: nChannels,
    }),
  );

describe('encodeWav', () => {
  it.each(OPTIONS)('is undone by decodeWav to half a step: %j', (options) => {
    const bits = options.bitDepth ?? 16;
    const fullScale = 2 ** (bits - 1);
    fc.assert(
      fc.property(clip, fc.integer({ min: 1000, max: 1_000_000 }), (channels, sampleRate) => {
        const decoded = decodeWav(encodeWav({ sampleRate, channels }, options));
        expect(decoded.sampleRate).toBe(sampleRate);
        expect(decoded.channels).toHaveLength(channels.length);
        decoded.channels.forEach((channel, c) => {
          expect(channel).toHaveLength(channels[c]!.length);
          channel.forEach((value, i) => {
            const sample = channels[c]![i]!;
            const clipped = Math.min(sample, (fullScale - 1) / fullScale);
            const tolerance = options.encoding === 'float' ? 0 : 0.5 / fullScale + 2 ** -25;
            expect(Math.abs(value - (options.encoding === 'float' ? sample : clipped))).toBeLessThanOrEqual(
              tolerance,
            );
          });
        });
      }),
      { numRuns: 50 },
    );
  });

  it('writes the bytes of a canonical 16-bit file', () => {
    const bytes = encodeWav({ sampleRate: 16000, channels: [Float32Array.from([0, 0.5, -1])] });
    expect(Buffer.from(bytes).toString('hex')).toBe(
      '524946462a00000057415645' + // RIFF, 42, WAVE
        '666d74201000000001000100803e0000007d000002001000' + // fmt , 16: PCM, 1, 16000 Hz, 32000 B/s, 2 B, 16 bits
        '6461746106000000000000400080', // data, 6
    );
  });

  it('gives the same samples again after a second round', () => {
    const channels = [Float32Array.from({ length: 500 }, (_, i) => Math.sin(i))];
    for (const options of OPTIONS) {
      const once = decodeWav(encodeWav({ sampleRate: 8000, channels }, options));
      expect(decodeWav(encodeWav(once, options))).toEqual(once);
    }
  });

  it('clips integers to full scale and leaves floats alone', () => {
    const audio = { sampleRate: 8000, channels: [Float32Array.from([1, 1.5, -1, -7])] };
    for (const bitDepth of [8, 16, 24, 32] as const) {
      const top = Math.fround(1 - 2 ** (1 - bitDepth));
      expect(decodeWav(encodeWav(audio, { bitDepth })).channels).toEqual([
        Float32Array.from([top, top, -1, -1]),
      ]);
    }
    expect(decodeWav(encodeWav(audio, { encoding: 'float' })).channels).toEqual(audio.channels);
  });

  it('pads odd audio to an even file', () => {
    const bytes = encodeWav({ sampleRate: 8000, channels: [new Float32Array(3)] }, { bitDepth: 8 });
    expect(bytes).toHaveLength(48);
    expect(new DataView(bytes.buffer).getUint32(4, true)).toBe(40);
    expect(new DataView(bytes.buffer).getUint32(40, true)).toBe(3);
  });

  it.each<[string, unknown, unknown, RegExp]>([
    ['no channels', [], {}, /channels must be an array of 1 to 65535 Float32Arrays, got 0/],
    ['something else', 'audio', {}, /channels must be an array/],
    ['an empty channel', [new Float32Array(0)], {}, /channels\[0\] must hold at least one sample/],
    ['plain numbers', [[0, 1]], {}, /channels\[0\] must be a Float32Array, got \[0, 1\]/],
    ['unequal channels', [new Float32Array(2), new Float32Array(3)], {}, /same length, got 2 and 3 samples/],
    ['NaN', [Float32Array.of(0, NaN)], {}, /finite samples, got NaN at index 1/],
    [
      'a PCM depth of 64',
      [new Float32Array(1)],
      { bitDepth: 64 },
      /bitDepth \(pcm\) must be one of 8, 16, 24, 32, got 64/,
    ],
    [
      'a float depth of 16',
      [new Float32Array(1)],
      { bitDepth: 16, encoding: 'float' },
      /one of 32, 64, got 16/,
    ],
    [
      'an unknown encoding',
      [new Float32Array(1)],
      { encoding: 'mp3' },
      /encoding must be one of 'pcm', 'float', got 'mp3'/,
    ],
  ])('refuses %s', (_, channels, options, message) => {
    const audio = { sampleRate: 16000, channels } as never;
    expect(() => encodeWav(audio, options as never)).toThrow(message);
  });

  it.each([0, 16000.5, NaN, -1, 2 ** 32])('refuses the sample rate %p', (sampleRate) => {
    expect(() => encodeWav({ sampleRate, channels: [new Float32Array(1)] })).toThrow(RangeError);
  });
});
