import { decodeWav, WavError, type WavProblem } from '../src/index';
import { chunk, extensible, format, riff, tag, uint32, wav } from './support/wav-bytes';

const SAMPLES = [0, 0, 1, 0, 255, 255, 0, 128, 255, 127]; // int16: 0, 1, -1, -32768, 32767
const VALUES = [0, 1 / 32768, -1 / 32768, -1, 32767 / 32768];

function problemOf(bytes: Uint8Array, options?: { useAvailableLength?: boolean }): WavError {
  try {
    decodeWav(bytes, options);
  } catch (error) {
    if (error instanceof WavError) return error;
    throw error;
  }
  throw new Error('decoded');
}

function floatBytes(values: readonly number[], bitDepth: 32 | 64): number[] {
  const array = bitDepth === 32 ? Float32Array.from(values) : Float64Array.from(values);
  return Array.from(new Uint8Array(array.buffer));
}

describe('decodeWav reads', () => {
  it.each<[string, Uint8Array, number[]]>([
    ['8 bit, unsigned', wav({ bitDepth: 8 }, [128, 129, 0, 255]), [0, 1 / 128, -1, 127 / 128]],
    ['16 bit', wav({}, SAMPLES), VALUES],
    [
      '24 bit',
      wav({ bitDepth: 24 }, [0, 0, 128, 255, 255, 127, 1, 0, 0, 254, 255, 255]),
      [-1, 1 - 2 ** -23, 2 ** -23, -(2 ** -22)],
    ],
    ['32 bit', wav({ bitDepth: 32 }, [0, 0, 0, 128, 0, 0, 0, 64, 0, 0, 0, 192]), [-1, 0.5, -0.5]],
    ['float32', wav({ code: 3, bitDepth: 32 }, floatBytes([0.25, -3.5], 32)), [0.25, -3.5]],
    ['float64', wav({ code: 3, bitDepth: 64 }, floatBytes([0.25, -3.5], 64)), [0.25, -3.5]],
    ['extensible PCM', riff([chunk('fmt ', extensible()), chunk('data', SAMPLES)]), VALUES],
    [
      'extensible float',
      riff([chunk('fmt ', extensible({ code: 3, bitDepth: 32 })), chunk('data', floatBytes([0.5], 32))]),
      [0.5],
    ],
    ['a fmt chunk of 18 bytes', riff([chunk('fmt ', [...format(), 0, 0]), chunk('data', SAMPLES)]), VALUES],
    [
      'odd chunks with pad bytes before the data',
      riff([
        chunk('junk', [1, 2, 3]),
        chunk('fmt ', format()),
        chunk('LIST', [1, 2, 3, 4, 5]),
        chunk('data', SAMPLES),
      ]),
      VALUES,
    ],
    [
      'chunks after the data',
      riff([chunk('fmt ', format()), chunk('data', SAMPLES), chunk('LIST', [1, 2])]),
      VALUES,
    ],
    [
      'odd data without the pad byte at the end',
      wav({ bitDepth: 8 }, [128, 0, 255]).slice(0, -1),
      [0, -1, 127 / 128],
    ],
    ['a RIFF size of 0', riff([chunk('fmt ', format()), chunk('data', SAMPLES)], { riffSize: 0 }), VALUES],
    [
      'a RIFF size that counts its own header',
      riff([chunk('fmt ', format()), chunk('data', SAMPLES)], { riffSize: 54 }),
      VALUES,
    ],
    ['bytes after the RIFF chunk', Uint8Array.from([...wav({}, SAMPLES), 9, 9, 9]), VALUES],
  ])('%s', (_, bytes, expected) => {
    const { sampleRate, channels } = decodeWav(bytes);
    expect(sampleRate).toBe(16000);
    expect(channels).toEqual([Float32Array.from(expected)]);
  });

  it.each(['RF64', 'BW64'])('%s, its sizes in ds64', (id) => {
    const sizes = [
      uint32(100),
      uint32(0),
      uint32(SAMPLES.length),
      uint32(0),
      uint32(5),
      uint32(0),
      uint32(0),
    ];
    const bytes = riff(
      [chunk('ds64', sizes.flat()), chunk('fmt ', format()), chunk('data', SAMPLES, 0xffffffff)],
      { id, riffSize: 0xffffffff },
    );
    new DataView(bytes.buffer).setUint32(20, bytes.length - 8, true);
    expect(decodeWav(bytes).channels).toEqual([Float32Array.from(VALUES)]);
  });

  it('interleaved channels', () => {
    const { channels } = decodeWav(wav({ nChannels: 3, bitDepth: 8 }, [128, 192, 64, 0, 128, 160]));
    expect(channels).toEqual(
      [
        [0, -1],
        [0.5, 0],
        [-0.5, 0.25],
      ].map((values) => Float32Array.from(values)),
    );
  });

  it('an ArrayBuffer, a Buffer and a view into a larger buffer alike', () => {
    const bytes = wav({}, SAMPLES);
    const larger = Uint8Array.from([7, 7, 7, ...bytes, 7]);
    for (const input of [
      bytes.buffer as ArrayBuffer,
      Buffer.from(bytes),
      larger.subarray(3, 3 + bytes.length),
    ]) {
      expect(decodeWav(input).channels).toEqual([Float32Array.from(VALUES)]);
    }
  });
});

describe('decodeWav refuses', () => {
  const good = wav({}, SAMPLES);
  const long = wav(
    {},
    Array.from({ length: 100 }, (_, i) => i),
  );
  const data = chunk('data', SAMPLES);
  const otherGuid = Array.from({ length: 16 }, (_, i) => i);

  it.each<[string, Uint8Array, WavProblem, RegExp]>([
    ['no bytes', new Uint8Array(0), 'not-wav', /got an empty file/],
    [
      'text',
      Uint8Array.from(tag('hello, world and more')),
      'not-wav',
      /got 21 bytes starting with 68 65 6c .*, the text "hello, world and more"/,
    ],
    ['AVI', Uint8Array.from([...tag('RIFF'), 4, 0, 0, 0, ...tag('AVI ')]), 'not-wav', /RIFF\.\.\.\.WAVE/],
    ['the first 10 bytes', good.slice(0, 10), 'truncated', /at least 12 bytes, got 10/],
    ['a cut chunk header', good.slice(0, 17), 'truncated', /chunk header must hold 8 bytes, got 5/],
    [
      'a cut fmt chunk',
      good.slice(0, 30),
      'truncated',
      /"fmt " must lie inside the file, got 16 bytes at offset 20 of 30/,
    ],
    ['headers alone', good.slice(0, 36), 'missing-chunk', /a data chunk must stand in the file, got none/],
    ['no fmt chunk', riff([data]), 'missing-chunk', /a fmt chunk must stand before the data chunk/],
    ['no chunks', riff([]), 'missing-chunk', /a fmt chunk must stand in the file/],
    [
      'a short fmt chunk',
      riff([chunk('fmt ', format().slice(0, 14)), data]),
      'bad-format',
      /at least 16 bytes, got 14/,
    ],
    ['cut audio', long.slice(0, -70), 'length-mismatch', /states 100 bytes where 30 follow/],
    [
      'audio of which nothing is left',
      riff([chunk('fmt ', format()), chunk('data', [], 9000)]),
      'length-mismatch',
      /states 9000 bytes where 0 follow/,
    ],
    ['7 bits', wav({ bitDepth: 7, blockAlign: 1 }, SAMPLES), 'unsupported', /\(pcm\), got 7/],
    ['64-bit integers', wav({ bitDepth: 64 }, SAMPLES), 'unsupported', /\(pcm\), got 64/],
    [
      'a data size beyond the file',
      riff([chunk('fmt ', format()), chunk('data', SAMPLES, 4000)]),
      'length-mismatch',
      /states 4000 bytes where 10 follow.*useAvailableLength/,
    ],
    ['a zero-length clip', wav({}, []), 'empty', /at least one sample, got none/],
    [
      'a zero-length clip with a LIST chunk behind it',
      riff([chunk('fmt ', format()), chunk('data', []), chunk('LIST', [1, 2])]),
      'empty',
      /got none/,
    ],
    [
      'RIFX',
      riff([chunk('fmt ', format()), data], { id: 'RIFX' }),
      'unsupported',
      /little-endian RIFF, got RIFX/,
    ],
    [
      'RF64 without ds64',
      riff([chunk('fmt ', format()), data], { id: 'RF64' }),
      'missing-chunk',
      /a ds64 chunk must stand in an RF64 file/,
    ],
    [
      'RF64 with a short ds64',
      riff([chunk('ds64', [1, 2]), chunk('fmt ', format()), data], { id: 'RF64' }),
      'bad-format',
      /ds64 chunk must hold at least 16 bytes, got 2/,
    ],
    [
      '16-bit floats',
      wav({ code: 3, bitDepth: 16 }, SAMPLES),
      'unsupported',
      /32, 64 bits \(float\), got 16/,
    ],
    ['0 channels', wav({ nChannels: 0 }, SAMPLES), 'bad-format', /channels must be at least 1, got 0/],
    ...[0, 1, 999, 1_000_001, 100_000_000, 0xffffffff].map(
      (rate): [string, Uint8Array, WavProblem, RegExp] => [
        `${rate} Hz`,
        wav({ sampleRate: rate }, SAMPLES),
        'bad-format',
        new RegExp(`sample rate must be 1000 to 1000000 Hz, got ${rate}\\.`),
      ],
    ),
    [
      'a short extensible header',
      riff([chunk('fmt ', format({ code: 0xfffe })), data]),
      'bad-format',
      /must hold 40 bytes, got 16/,
    ],
    [
      'an unknown sub-format',
      riff([chunk('fmt ', extensible({}, otherGuid)), data]),
      'unsupported',
      /got the GUID 000102030405060708090a0b0c0d0e0f/,
    ],
    [
      'NaN',
      wav({ code: 3, bitDepth: 32 }, floatBytes([0, NaN], 32)),
      'not-finite',
      /got NaN at index 1 of channel 0/,
    ],
    [
      'infinity',
      wav({ code: 3, bitDepth: 32, nChannels: 2 }, floatBytes([0, 0, 0, -Infinity], 32)),
      'not-finite',
      /got -Infinity at index 1 of channel 1/,
    ],
    [
      'a double beyond float32',
      wav({ code: 3, bitDepth: 64 }, floatBytes([1e300], 64)),
      'not-finite',
      /got Infinity at index 0/,
    ],
  ])('%s', (_, bytes, problem, message) => {
    const error = problemOf(bytes);
    expect(error.problem).toBe(problem);
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^audio-features\.decodeWav: /);
    expect(error.name).toBe('WavError');
  });

  it.each([
    [0x0002, 'Microsoft ADPCM'],
    [0x0006, 'A-law'],
    [0x0007, 'mu-law'],
    [0x0011, 'IMA ADPCM'],
    [0x0055, 'MP3'],
    [0x1234, 'an unknown codec'],
  ])('codec 0x%s by name', (code, name) => {
    const error = problemOf(wav({ code, bitDepth: 8 }, SAMPLES));
    expect(error.problem).toBe('unsupported');
    expect(error.message).toContain(`got ${name} (format tag 0x${code.toString(16).padStart(4, '0')})`);
    expect(problemOf(riff([chunk('fmt ', extensible({ code })), chunk('data', SAMPLES)])).message).toContain(
      name,
    );
  });

  it('what is no array of bytes', () => {
    expect(() => decodeWav('clip.wav' as never)).toThrow(
      new TypeError(
        "audio-features.decodeWav: bytes must be a Uint8Array or an ArrayBuffer, got 'clip.wav'.",
      ),
    );
    expect(() => decodeWav(undefined as never)).toThrow(TypeError);
  });
});

describe('useAvailableLength', () => {
  const options = { useAvailableLength: true };
  const header = chunk('fmt ', format());
  const tone = Array.from({ length: 200 }, (_, i) => i % 7);

  it.each<[string, Uint8Array, number]>([
    ['cut audio', wav({}, tone).slice(0, -100), 50],
    ['audio cut inside a sample', wav({}, tone).slice(0, -101), 49],
    ['a data size beyond the file', riff([header, chunk('data', tone, 4000)]), 100],
    ['a streamed header', riff([header, chunk('data', tone, 0xffffffff)]), 100],
    ['a header never completed', riff([header, chunk('data', tone, 0)], { riffSize: 0 }), 100],
  ])('reads %s, with a warning', (_, bytes, nSamples) => {
    const { channels, warnings } = decodeWav(bytes, options);
    expect(channels).toEqual(decodeWav(wav({}, tone.slice(0, 2 * nSamples))).channels);
    expect(warnings).toEqual([expect.stringContaining('The header states')]);
  });

  it.each<[string, Uint8Array]>([
    ['a wrong RIFF size', riff([header, chunk('data', tone)], { riffSize: 9000 })],
    ['a chunk behind the audio', riff([header, chunk('data', tone), chunk('LIST', [1, 2])])],
  ])('changes nothing for %s', (_, bytes) => {
    expect(decodeWav(bytes, options)).toEqual(decodeWav(wav({}, tone)));
  });

  it('still refuses a clip without samples', () => {
    expect(problemOf(wav({}, SAMPLES).slice(0, 45), options).problem).toBe('empty');
    expect(problemOf(wav({}, []), options).problem).toBe('empty');
  });
});
