import { resample } from '@serial-oe/audio-features';
import { seededRandom } from '@serial-oe/foundation';
import { fairTurns, type StreamScore, StreamScorer } from '../src/index';
import { meanSquareScorer, ramp } from './support/mean-square';

async function all(stream: StreamScorer): Promise<StreamScore[]> {
  const scores: StreamScore[] = [];
  for await (const score of stream) scores.push(score);
  return scores;
}

describe('StreamScorer', () => {
  it('scores each window as the file with that sound, in pieces of any size', async () => {
    const scorer = meanSquareScorer();
    const stream = new StreamScorer(scorer, { windowSeconds: 2, hopSeconds: 0.5, startTime: 100 });
    const waveform = ramp(5300);
    const random = seededRandom(1, 'pieces');
    for (let at = 0; at < waveform.length; ) {
      const n = Math.floor(random() * 700);
      stream.push(waveform.subarray(at, at + n), 1000);
      at += n;
    }
    stream.close();
    const scores = await all(stream);
    expect(scores.map(({ time }) => time)).toEqual([100, 100.5, 101, 101.5, 102, 102.5, 103]);
    expect(scores.map(({ endTime, time }) => endTime - time)).toEqual(Array(7).fill(2));
    scorer.scored.forEach((window, i) => {
      expect(window).toEqual(waveform.slice(500 * i, 500 * i + 2000));
    });
    expect(stream.nDropped).toBe(0);
  });

  it('resamples as the whole file is resampled', async () => {
    const scorer = meanSquareScorer({ sampleRate: 16_000 });
    const waveform = Float32Array.from(
      { length: 3 * 44_100 },
      (_, i) => Math.sin(0.03 * i) * Math.sin(1e-4 * i),
    );
    const stream = new StreamScorer(scorer, { hopSeconds: 0.5 });
    for (let at = 0; at < waveform.length; at += 441) stream.push(waveform.subarray(at, at + 441), 44_100);
    stream.close();
    await all(stream);
    const whole = resample(waveform, 44_100, 16_000);
    expect(scorer.scored).toHaveLength(5);
    scorer.scored.forEach((window, i) => {
      const expected = whole.subarray(8000 * i, 8000 * i + 16_000);
      expect(Math.max(...window.map((sample, k) => Math.abs(sample - expected[k]!)))).toBeLessThan(2e-7);
    });
  });

  it('takes windows as long as the clips of the training, and half of them as hop', () => {
    const stream = new StreamScorer(meanSquareScorer({ clipSeconds: 10 }));
    expect([stream.windowSeconds, stream.hopSeconds]).toEqual([10, 5]);
    expect(new StreamScorer(meanSquareScorer()).windowSeconds).toBe(1);
  });

  it('drops the oldest windows when scoring does not keep up, and says so', async () => {
    const scorer = meanSquareScorer();
    const stream = new StreamScorer(scorer, { windowSeconds: 1, hopSeconds: 1, maxPendingSeconds: 3 });
    for (let i = 0; i < 20; i++) stream.push(ramp(1000), 1000);
    expect(stream.nDropped).toBe(16);
    expect(stream.pendingSeconds).toBe(4);
    stream.close();
    const scores = await all(stream);
    expect(scores.map(({ time }) => time)).toEqual([16, 17, 18, 19]);
    expect(scores.at(-1)!.nDropped).toBe(16);
  });

  it('scores while sound comes', async () => {
    const stream = new StreamScorer(meanSquareScorer(), { hopSeconds: 1 });
    const scores = stream[Symbol.asyncIterator]();
    const first = scores.next();
    stream.push(ramp(400), 1000);
    stream.push(ramp(700), 1000);
    expect((await first).value).toMatchObject({ time: 0, endTime: 1 });
    const second = scores.next();
    stream.push(ramp(1000), 1000);
    expect((await second).value).toMatchObject({ time: 1 });
    const third = scores.next();
    stream.close();
    expect(await third).toEqual({ done: true, value: undefined });
  });

  it('scores a stream that ends within its first window as a whole, if it is a chunk long', async () => {
    const scorer = meanSquareScorer({ clipSeconds: 10 });
    const short = new StreamScorer(scorer);
    short.push(ramp(4500), 1000);
    short.close();
    expect((await all(short)).map(({ time, endTime }) => [time, endTime])).toEqual([[0, 4.5]]);
    const tooShort = new StreamScorer(scorer);
    tooShort.push(ramp(999), 1000);
    tooShort.close();
    expect(await all(tooShort)).toEqual([]);
  });

  it('keeps the sound that was asked for', async () => {
    const stream = new StreamScorer(meanSquareScorer(), { hopSeconds: 1, historySeconds: 2, startTime: 50 });
    const waveform = ramp(10_000);
    const scores = stream[Symbol.asyncIterator]();
    for (let i = 0; i < 10; i++) {
      stream.push(waveform.subarray(1000 * i, 1000 * i + 1000), 1000);
      await scores.next();
    }
    expect(stream.recent(58, 60)).toEqual(waveform.slice(8000, 10_000));
    expect(stream.recent(59.5, 70)).toEqual(waveform.slice(9500));
    expect(stream.recent(40, 45)).toEqual(new Float32Array(0));
  });

  it('needs no more memory for a day than for a minute', async () => {
    const scorer = meanSquareScorer({ sampleRate: 100 });
    scorer.scored.push = () => 0; // keeps nothing
    const stream = new StreamScorer(scorer, { hopSeconds: 1 });
    const piece = ramp(100);
    const scores = stream[Symbol.asyncIterator]();
    let before = 0;
    for (let second = 0; second < 86_400; second++) {
      stream.push(piece, 100);
      const { value } = await scores.next();
      expect(value?.time).toBe(second);
      if (second === 600) before = process.memoryUsage().arrayBuffers;
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * 2 ** 20);
  });

  it('takes turns with other streams', async () => {
    const turn = fairTurns();
    const order: string[] = [];
    const streams = ['a', 'b', 'c'].map((name) => {
      const scorer = meanSquareScorer({ delayMs: 1 });
      const stream = new StreamScorer(scorer, { hopSeconds: 1, turn, maxPendingSeconds: 100 });
      const score = scorer.score;
      scorer.score = (...args) => {
        order.push(name);
        return score(...args);
      };
      for (let i = 0; i < 4; i++) stream.push(ramp(1000), 1000);
      stream.close();
      return all(stream);
    });
    await Promise.all(streams);
    expect(order.join('')).toBe('abcabcabcabc');
  });

  it('a scoring that fails leaves the turns to others', async () => {
    const turn = fairTurns();
    const broken = turn(() => Promise.reject(new Error('broken')));
    const next = turn(async () => 'next');
    await expect(broken).rejects.toThrow('broken');
    expect(await next).toBe('next');
  });

  it('refuses what it cannot hear', () => {
    const stream = new StreamScorer(meanSquareScorer());
    stream.push(ramp(100), 44_100);
    expect(() => stream.push(ramp(100), 48_000)).toThrow(
      'sampleRate must stay 44100 Hz within a stream, got 48000',
    );
    expect(() => stream.push(Float32Array.of(Number.NaN), 44_100)).toThrow(RangeError);
    stream.close();
    stream.close();
    expect(() => stream.push(ramp(100), 44_100)).toThrow('must not be closed');
    expect(() => new StreamScorer(meanSquareScorer(), { windowSeconds: 0.5 })).toThrow(
      'windowSeconds must be at least one chunk of the scorer, 1 s, got 0.5',
    );
    expect(() => new StreamScorer(meanSquareScorer(), { hopSeconds: 0 })).toThrow(/hopSeconds/);
    expect(() => new StreamScorer(meanSquareScorer(), { maxPendingSeconds: -1 })).toThrow(
      /maxPendingSeconds/,
    );
    expect(() => new StreamScorer(meanSquareScorer(), { hop: 1 } as never)).toThrow(/unknown/);
  });
});
