import { type BalancedBatch, BalancedBatchSampler, type BalancedBatchSamplerOptions } from '../src/index';
import { xorshift } from './random';

const make = (options: Partial<BalancedBatchSamplerOptions> = {}) =>
  new BalancedBatchSampler({ nNormal: 4, nPseudoAnomalous: 3, random: xorshift(1), ...options });

/** How often each index of 0..n-1 comes. */
function counts(batches: BalancedBatch[], kind: keyof BalancedBatch, n: number): number[] {
  const total = Array<number>(n).fill(0);
  for (const batch of batches) {
    for (const index of batch[kind]) {
      expect(index in total).toBe(true);
      total[index] = (total[index] as number) + 1;
    }
  }
  return total;
}

describe('BalancedBatchSampler', () => {
  test('one epoch holds every normal clip once, in batches of the given sizes', () => {
    const batches = make().epoch({ nNormalClips: 12, nPseudoAnomalousClips: 50 });
    expect(batches).toHaveLength(3);
    expect(counts(batches, 'normal', 12)).toEqual(Array(12).fill(1));
    for (const { normal, pseudoAnomalous, anomalous } of batches) {
      expect([normal.length, pseudoAnomalous.length, anomalous.length]).toEqual([4, 3, 0]);
    }
  });

  test("the paper's defaults: 64 + 64, with known anomalies 64 + 63 + 1", () => {
    const { nNormal, nPseudoAnomalous, nAnomalous } = new BalancedBatchSampler({ random: xorshift(1) });
    expect([nNormal, nPseudoAnomalous, nAnomalous]).toEqual([64, 64, 0]);
    const known = new BalancedBatchSampler({ random: xorshift(1), nAnomalous: 1 });
    expect([known.nNormal, known.nPseudoAnomalous, known.nAnomalous]).toEqual([64, 63, 1]);
  });

  test("'fill' (default) fills the last batch with clips of other batches, each at most twice", () => {
    const batches = make().epoch({ nNormalClips: 10, nPseudoAnomalousClips: 50 });
    expect(batches.map(({ normal }) => normal.length)).toEqual([4, 4, 4]);
    expect(counts(batches, 'normal', 10).sort()).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 2, 2]);
    for (const { normal } of batches) expect(new Set(normal).size).toBe(4);
  });

  test("'short' leaves the last batch short, so that each clip comes exactly once", () => {
    const batches = make({ lastBatch: 'short' }).epoch({ nNormalClips: 10, nPseudoAnomalousClips: 50 });
    expect(batches.map(({ normal }) => normal.length)).toEqual([4, 4, 2]);
    expect(batches.map(({ pseudoAnomalous }) => pseudoAnomalous.length)).toEqual([3, 3, 3]);
    expect(counts(batches, 'normal', 10)).toEqual(Array(10).fill(1));
  });

  test('fewer normal clips than a batch takes: as often as it needs, evenly', () => {
    const batches = make({ nNormal: 7 }).epoch({ nNormalClips: 3, nPseudoAnomalousClips: 2 });
    expect(batches).toHaveLength(1);
    const perClip = counts(batches, 'normal', 3);
    expect(perClip.reduce((total, n) => total + n)).toBe(7);
    expect(Math.min(...perClip)).toBeGreaterThanOrEqual(2);
  });

  test('pseudo-anomalies come without repetition until all have come, then in a new order', () => {
    const batches = make().epoch({ nNormalClips: 40, nPseudoAnomalousClips: 10 }); // takes 30
    expect(counts(batches, 'pseudoAnomalous', 10)).toEqual(Array(10).fill(3));
    const drawn = batches.flatMap(({ pseudoAnomalous }) => [...pseudoAnomalous]);
    const rounds = [drawn.slice(0, 10), drawn.slice(10, 20), drawn.slice(20)];
    for (const round of rounds) expect(new Set(round).size).toBe(10);
    expect(rounds[1]).not.toEqual(rounds[0]);
  });

  test('epochs differ, the same seed gives the same epochs', () => {
    const pools = { nNormalClips: 40, nPseudoAnomalousClips: 90, nAnomalousClips: 5 };
    const [one, two] = [make({ nAnomalous: 1 }), make({ nAnomalous: 1 })];
    const first = one.epoch(pools);
    expect(two.epoch(pools)).toEqual(first);
    const second = one.epoch(pools);
    expect(second).not.toEqual(first);
    expect(second[0]?.pseudoAnomalous).not.toEqual(first[0]?.pseudoAnomalous);
    expect(make({ nAnomalous: 1, random: xorshift(2) }).epoch(pools)).not.toEqual(first);
  });

  test('known anomalies are drawn with replacement, each about as often', () => {
    const batches = make({ nNormal: 1, nAnomalous: 2 }).epoch({
      nNormalClips: 4000,
      nPseudoAnomalousClips: 9,
      nAnomalousClips: 4,
    });
    const perClip = counts(batches, 'anomalous', 4); // 8000 draws, 2000 each, standard deviation 39
    for (const n of perClip) expect(Math.abs(n - 2000)).toBeLessThan(200);
    expect(batches.some(({ anomalous }) => anomalous[0] === anomalous[1])).toBe(true);
  });

  test("the reference's defect leaves out every second batch: about half of the clips", () => {
    const pools = { nNormalClips: 20, nPseudoAnomalousClips: 50 };
    const all = make({ nPseudoAnomalous: 0 }).epoch(pools);
    const skipped = make({ nPseudoAnomalous: 0, skipEverySecondGroup: true }).epoch(pools);
    expect(skipped).toEqual([all[0], all[2], all[4]]);
    expect(counts(skipped, 'normal', 20).filter((n) => n === 0)).toHaveLength(8);
  });

  test.each<[string, () => unknown, string]>([
    ['nNormal', () => make({ nNormal: 0 }), 'nNormal must be a whole number of at least 1, got 0'],
    [
      'nPseudoAnomalous',
      () => make({ nPseudoAnomalous: -1 }),
      'nPseudoAnomalous must be a whole number of at least 0',
    ],
    [
      'nAnomalous',
      () => make({ nAnomalous: Number.NaN }),
      'nAnomalous must be a whole number of at least 0, got NaN',
    ],
    ['random', () => make({ random: undefined as never }), 'random must be a function'],
    [
      'lastBatch',
      () => make({ lastBatch: 'drop' as 'fill' }),
      "lastBatch must be one of 'fill', 'short', got 'drop'",
    ],
    [
      'no normal clips',
      () => make().epoch({ nNormalClips: 0 }),
      'nNormalClips must be 1 or more where a batch takes 4',
    ],
    [
      'no pseudo-anomalies',
      () => make().epoch({ nNormalClips: 4 }),
      'nPseudoAnomalousClips must be 1 or more where a batch takes 3',
    ],
    [
      'no anomalies',
      () => make({ nAnomalous: 1 }).epoch({ nNormalClips: 4, nPseudoAnomalousClips: 4 }),
      'nAnomalousClips must be 1 or more where a batch takes 1, got 0',
    ],
    [
      'clips',
      () => make().epoch({ nNormalClips: 1.5 }),
      'nNormalClips must be a whole number of at least 0, got 1.5',
    ],
  ])('refuses %s', (_, run, message) => {
    expect(run).toThrow(message);
  });
});
