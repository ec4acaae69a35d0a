import type { Clip } from '../src/index';
import { crossFitFolds, seededRandom, sessionOf, splitValidation } from '../src/index';

const unknown = (n: number) => Array.from({ length: n }, () => undefined);

describe('crossFitFolds', () => {
  it('deals clips of unknown days out in turn', () => {
    expect(crossFitFolds(unknown(7))).toEqual([0, 1, 2, 3, 4, 0, 1]);
    expect(crossFitFolds(unknown(3))).toEqual([0, 1, 2]);
    expect(crossFitFolds([])).toEqual([]);
    expect(crossFitFolds(['a', 'a', 'b', 'b', undefined])).toEqual([0, 1, 2, 3, 4]);
  });

  it('takes whole days together where all are known, several in a fold where there are many', () => {
    expect(crossFitFolds(['a', 'b', 'a', 'c', 'b', 'c'])).toEqual([0, 1, 0, 2, 1, 2]);
    expect(crossFitFolds(['a', 'b', 'c', 'd', 'e', 'f'], { nFolds: 2 })).toEqual([0, 1, 0, 1, 0, 1]);
  });

  it('does not where a fold would leave too few clips, or there is one day', () => {
    expect(crossFitFolds(['a', 'a', 'b', 'b'])).toEqual([0, 1, 2, 3]);
    expect(crossFitFolds(['a', 'a', 'b', 'b'], { minSeen: 2 })).toEqual([0, 0, 1, 1]);
    expect(crossFitFolds(['a', 'a', 'a', 'a'])).toEqual([0, 1, 2, 3]);
  });

  it('refuses what is no list and options that cannot be', () => {
    expect(() => crossFitFolds(['a'], { nFolds: 0 })).toThrow('datasets.crossFitFolds: nFolds');
    expect(() => crossFitFolds(7 as never)).toThrow(TypeError);
  });
});

describe('splitValidation by days', () => {
  const clips = (days: number, aDay: number): Clip[] =>
    Array.from({ length: days * aDay }, (_, i) => ({
      ...{ machineType: 'fan', machineId: '00', split: 'train', label: 'normal' },
      path: `fan/00/2026-01-${10 + (i % days)}/${i}.wav`,
    }));
  const split = (all: Clip[], fraction: number, seed: number) =>
    splitValidation(all, { fraction, random: seededRandom(seed), sessionOf: ({ path }) => sessionOf(path) });

  it('holds whole days out that come near the share', () => {
    for (let seed = 0; seed < 10; seed++) {
      const { train, validation } = split(clips(6, 10), 1 / 6, seed);
      expect(new Set(validation.map(({ path }) => sessionOf(path))).size).toBe(1);
      expect([validation.length, train.length]).toEqual([10, 50]);
    }
  });

  it('holds single clips out where a day is far more than the share, or a day is not known', () => {
    const { validation } = split(clips(2, 30), 1 / 6, 1);
    expect(validation).toHaveLength(10);
    expect(new Set(validation.map(({ path }) => sessionOf(path))).size).toBe(2);
    const [first, ...others] = clips(6, 10);
    const mixed = split([{ ...first!, path: 'fan/00/x.wav' }, ...others], 1 / 6, 1);
    expect(new Set(mixed.validation.map(({ path }) => sessionOf(path))).size).toBeGreaterThan(1);
  });
});
