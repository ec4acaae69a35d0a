import type { ClipScore, ClipToScore } from '@serial-oe/runtime/contract';
import { ScoringQueue } from '../src/jetstream/scoring-queue';
import { meanSquareScorer } from './support/mean-square';

const OPTIONS = { sampleRate: 1000 };
const sound = (level: number) => new Float32Array(1000).fill(level);

/** A scorer that says of how many windows each of its calls was. */
function togetherScorer() {
  const one = meanSquareScorer({ delayMs: 5 });
  const calls: number[] = [];
  const scoreMany = async (clips: readonly ClipToScore[]): Promise<ClipScore[]> => {
    if (clips.some(({ waveform }) => waveform.length === 0)) throw new RangeError('empty');
    calls.push(clips.length);
    return Promise.all(clips.map(({ waveform, options }) => one.score(waveform, options)));
  };
  return { ...one, calls, scoreMany };
}

const scoresOf = (results: readonly { clip: ClipScore }[]) => results.map(({ clip }) => clip.anomalyScore);

it('lets windows that wait for one scorer go through it together, eight at most', async () => {
  const queue = new ScoringQueue(1);
  const scorer = togetherScorer();
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, i) => queue.score(scorer, sound(i), OPTIONS)),
  );
  expect(scoresOf(results)).toEqual(Array.from({ length: 20 }, (_, i) => i ** 2));
  expect(scorer.calls).toEqual([8, 8, 3]); // the first one did not wait
  expect(results.every(({ scoringSeconds }) => scoringSeconds > 0)).toBe(true);
});

it('keeps the windows of different scorers apart, and in the order in which they came', async () => {
  const queue = new ScoringQueue(1);
  const [one, other] = [togetherScorer(), meanSquareScorer()];
  const order: number[] = [];
  await Promise.all(
    [1, 2, 3, 4, 5].map(async (i) => {
      await queue.score(i % 2 === 1 ? one : other, sound(i), OPTIONS);
      order.push(i);
    }),
  );
  expect(order).toEqual([1, 2, 3, 5, 4]); // 3 and 5 go together, 4 has come before 5 but behind 3
  expect(one.calls).toEqual([2]);
});

it('does as many at once as it is told, and one that fails fails alone', async () => {
  const queue = new ScoringQueue(3);
  let nNow = 0;
  let nMost = 0;
  const counting = {
    ...meanSquareScorer(),
    async score(waveform: Float32Array) {
      nMost = Math.max(nMost, ++nNow);
      await new Promise((resolve) => setTimeout(resolve, 5));
      nNow--;
      return meanSquareScorer().score(waveform, OPTIONS);
    },
  };
  await Promise.all(Array.from({ length: 10 }, () => queue.score(counting, sound(1), OPTIONS)));
  expect(nMost).toBe(3);
  const strict = togetherScorer();
  const score = async (waveform: Float32Array) => {
    if (waveform.length === 0) throw new RangeError('empty');
    return meanSquareScorer().score(waveform, OPTIONS);
  };
  const alone = { ...strict, score };
  const single = new ScoringQueue(1);
  const work = [sound(1), sound(2), new Float32Array(0), sound(3)];
  const settled = await Promise.allSettled(work.map((waveform) => single.score(alone, waveform, OPTIONS)));
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
});
