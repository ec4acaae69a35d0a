import fc from 'fast-check';
import { chunkStarts, randomChunk, splitChunks } from '../src/index';

const ramp = (length: number) => Float32Array.from({ length }, (_, i) => i);

describe('chunkStarts', () => {
  it('is METHOD 2 for a 10 s clip: ten chunks of 2 s, the last at the end', () => {
    const expected = [0, 14222, 28444, 42666, 56888, 71110, 85332, 99554, 113776, 128000];
    expect(chunkStarts(160000, { chunkLength: 32000, nChunks: 10 })).toEqual(expected);
    expect(chunkStarts(160000)).toEqual(expected);
  });

  it.each([
    [176000, 11], // the 11 s of ToyCar
    [32000, 2],
    [32001, 3],
    [40000, 3],
  ])('takes ceil(2 N / n) chunks of %i samples by default', (length, nChunks) => {
    expect(chunkStarts(length)).toHaveLength(nChunks);
  });

  it.each<[number, number, number, number[]]>([
    [10, 4, 1, [6]],
    [10, 4, 2, [0, 6]],
    [10, 4, 3, [0, 3, 6]],
    [11, 4, 3, [0, 3, 7]],
    [4, 4, 1, [0]],
    [4, 4, 3, [0, 0, 0]],
    [5, 4, 4, [0, 0, 0, 1]],
  ])('of %i samples in chunks of %i, %i of them: %j', (length, chunkLength, nChunks, starts) => {
    expect(chunkStarts(length, { chunkLength, nChunks })).toEqual(starts);
  });

  it('ascends, stays inside and ends at the last sample', () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 500 }), fc.nat(2000), fc.integer({ min: 1, max: 50 }));
    fc.assert(
      fc.property(sizes, ([chunkLength, rest, nChunks]) => {
        const starts = chunkStarts(chunkLength + rest, { chunkLength, nChunks });
        expect(starts).toHaveLength(nChunks);
        expect(starts.at(-1)).toBe(rest);
        expect(starts.every((start, i) => Number.isInteger(start) && start >= (starts[i - 1] ?? 0))).toBe(
          true,
        );
      }),
    );
  });

  it.each<[number, object, RegExp]>([
    [
      31999,
      {},
      /the clip must be at least chunkLength = 32000 samples long, got 31999\. Use a shorter chunk/,
    ],
    [0, {}, /at least chunkLength = 32000 samples long, got 0/],
    [-1, { nChunks: 2 }, /length must be a whole number of at least 0, got -1/],
    [100, { chunkLength: 0, nChunks: 2 }, /chunkLength must be a whole number of at least 1, got 0/],
    [100, { chunkLength: 2.5 }, /chunkLength must be a whole number of at least 1, got 2.5/],
    [100, { chunkLength: 10, nChunks: 0 }, /nChunks must be a whole number of at least 1, got 0/],
    [100, { chunkLength: 10, nChunks: NaN }, /nChunks/],
  ])('refuses %d with %j', (length, options, message) => {
    expect(() => chunkStarts(length, options)).toThrow(message);
    expect(() => chunkStarts(length, options)).toThrow(RangeError);
  });
});

describe('splitChunks', () => {
  it('copies the chunks at the starts', () => {
    const waveform = ramp(10);
    const chunks = splitChunks(waveform, { chunkLength: 4, nChunks: 3 });
    expect(chunks).toEqual(
      [
        [0, 1, 2, 3],
        [3, 4, 5, 6],
        [6, 7, 8, 9],
      ].map((values) => Float32Array.from(values)),
    );
    chunks[0]![0] = 9;
    expect(waveform[0]).toBe(0);
  });

  it('has the defaults of chunkStarts', () => {
    expect(splitChunks(ramp(160000)).map((chunk) => chunk[0])).toEqual(chunkStarts(160000));
  });

  it('refuses what is no waveform or too short', () => {
    expect(() => splitChunks([1, 2] as never)).toThrow(
      /^audio-features\.splitChunks: waveform must be a Float32Array/,
    );
    expect(() => splitChunks(undefined as never)).toThrow(TypeError);
    expect(() => splitChunks(ramp(3), { chunkLength: 4 })).toThrow(
      /^audio-features\.splitChunks: the clip must be/,
    );
  });
});

describe('randomChunk', () => {
  it.each([
    [0, 0],
    [0.5, 3],
    [0.999999, 6],
  ])('for the random number %d starts at %i', (u, start) => {
    expect(randomChunk(ramp(10), 4, () => u)).toEqual(ramp(10).slice(start, start + 4));
  });

  it('reaches every start equally often', () => {
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 700; i++) counts[randomChunk(ramp(10), 4, () => (i + 0.5) / 700)[0]!]! += 1;
    expect(counts).toEqual(new Array(7).fill(100));
  });

  it('takes the whole clip where it is one chunk, asking for one number', () => {
    const random = jest.fn(() => 0.7);
    expect(randomChunk(ramp(4), 4, random)).toEqual(ramp(4));
    expect(random).toHaveBeenCalledTimes(1);
  });

  it.each([1, -0.1, NaN])('refuses the random number %d', (u) => {
    expect(() => randomChunk(ramp(4), 2, () => u)).toThrow(/random must return numbers in \[0, 1\), got/);
  });

  it('refuses a clip shorter than the chunk', () => {
    expect(() => randomChunk(ramp(3), 4, () => 0)).toThrow(/at least chunkLength = 4 samples long, got 3/);
  });
});
