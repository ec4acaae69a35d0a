import { chunkTimeline } from '../src/index';

const scores = (...values: number[]) => ({ chunkScores: Float64Array.from(values) });

describe('chunkTimeline', () => {
  it('puts chunks where chunkStarts does', () => {
    expect(chunkTimeline(scores(1, 5, 2), { clipSeconds: 10, chunkSeconds: 2 })).toEqual([
      { time: 0, endTime: 2, score: 1 },
      { time: 4, endTime: 6, score: 5 },
      { time: 8, endTime: 10, score: 2 },
    ]);
    const [, second] = chunkTimeline(scores(0, 0, 0, 0), {
      clipSeconds: 1,
      chunkSeconds: 0.5,
      sampleRate: 8000,
    });
    expect(second).toEqual({ time: 1333 / 8000, endTime: 5333 / 8000, score: 0 });
  });

  it('gives one score alone to the whole clip', () => {
    expect(chunkTimeline(scores(3), { clipSeconds: 10, chunkSeconds: 0.5 })).toEqual([
      { time: 0, endTime: 10, score: 3 },
    ]);
  });

  it('refuses no scores, scores that are none, and a clip shorter than a chunk', () => {
    const options = { clipSeconds: 10, chunkSeconds: 2 };
    expect(() => chunkTimeline(scores(), options)).toThrow(
      'chunkScores must hold at least one score, got none',
    );
    expect(() => chunkTimeline(scores(1, Number.NaN), options)).toThrow('must be finite, got NaN at chunk 1');
    expect(() => chunkTimeline(scores(1, 2), { clipSeconds: 1, chunkSeconds: 2 })).toThrow(
      'at least chunkLength',
    );
    expect(() => chunkTimeline(scores(1), { ...options, clipSeconds: Number.NaN })).toThrow(RangeError);
    expect(() => chunkTimeline(scores(1), { ...options, seconds: 3 } as never)).toThrow(
      "unknown option 'seconds'",
    );
  });
});
