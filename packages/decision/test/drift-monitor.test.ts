import { drawNormal, seededRandom } from '@serial-oe/foundation';
import { cusumLimit } from '../src/drift/cusum-limit';
import { doubleRank, keptReference, rankQuantiles } from '../src/drift/normal-ranks';
import { DriftMonitor, type DriftSample } from '../src/index';

const random = seededRandom(21);

interface Place {
  score?: number;
  level?: number;
  bands?: number[];
}

/** Scores of 50, levels of -30 dB, three bands, and what they are off by in deviations (1, 2 dB, 0.5 dB). */
function clip({ score = 0, level = 0, bands = [0, 0, 0] }: Place = {}): DriftSample {
  const levelDb = -30 + 2 * (level + drawNormal(random));
  return {
    score: 50 + score + drawNormal(random),
    levelDb,
    bandLevelsDb: bands.map((band, i) => levelDb - 6 * i + 0.5 * (band + drawNormal(random))),
  };
}

const clips = (n: number, place?: Place) => Array.from({ length: n }, () => clip(place));

/** Feeds a clip every ten seconds. */
function feed(monitor: DriftMonitor, samples: readonly DriftSample[], from = 0) {
  for (const [i, sample] of samples.entries()) monitor.update({ time: from + 10 * i, ...sample });
  return monitor.report;
}

describe('DriftMonitor', () => {
  const reference = clips(200);

  it('says nothing while nothing moves, and where things are', () => {
    const report = feed(new DriftMonitor(reference), clips(400));
    expect(report).toMatchObject({ moved: [], since: null, score: { moved: null, since: null } });
    expect(report.spectrum).toHaveLength(3);
    expect(Math.abs(report.score.mean - 50)).toBeLessThan(0.4);
    expect(report.level!.deviation).toBeGreaterThan(1.4);
    expect(report.level!.deviation).toBeLessThan(2.6);
    expect(Math.abs(report.level!.shift)).toBeLessThan(0.5);
  });

  it.each([
    ['score', { score: 1 }, 'up'],
    ['score', { score: -1 }, 'down'],
    ['level', { level: 1 }, 'up'],
    ['level', { level: -1 }, 'down'],
  ] as const)('finds one deviation of the %s, within 150 clips: %j', (name, place, direction) => {
    const monitor = new DriftMonitor(reference);
    feed(monitor, clips(300));
    const report = feed(monitor, clips(150, place), 3000);
    expect(report.moved).toEqual([name]); // louder alone is no other spectrum
    expect(report[name]).toMatchObject({ moved: direction });
    expect(Math.abs(report.since! - 3000)).toBeLessThan(400); // within 40 clips of when it was
    expect(report[name]!.shift * (direction === 'up' ? 1 : -1)).toBeGreaterThan(0.5);
  });

  it('says which band moved', () => {
    const monitor = new DriftMonitor(reference);
    const { moved, spectrum } = feed(monitor, clips(150, { bands: [0, 3, 0] }));
    expect(moved).toEqual(['spectrum']);
    expect(spectrum![1]!.moved).toBe('up');
    expect(spectrum![0]!.moved).not.toBe('up'); // relative to the mean the others are lower
  });

  it('takes back what has come back', () => {
    const monitor = new DriftMonitor(reference);
    expect(feed(monitor, clips(2000, { level: 3 })).moved).toEqual(['level']);
    expect(feed(monitor, clips(200), 20_000)).toMatchObject({ moved: [], since: null });
  });

  it('goes with fewer quantities, and with updates that lack some', () => {
    const scores = reference.map(({ score }) => ({ score }));
    const monitor = new DriftMonitor(scores);
    const report = feed(
      monitor,
      clips(100, { score: 2 }).map(({ score }) => ({ score })),
    );
    expect(Object.keys(report)).toEqual(['moved', 'since', 'score']);
    expect(report.moved).toEqual(['score']);
    const whole = new DriftMonitor(reference);
    const { level } = feed(
      whole,
      clips(100, { score: 2 }).map(({ score }) => ({ score })),
    );
    expect(level).toMatchObject({ moved: null, mean: expect.closeTo(-30, 0), shift: 0 });
    const bands = new DriftMonitor(reference.map(({ score, bandLevelsDb }) => ({ score, bandLevelsDb })));
    expect(Object.keys(bands.report)).toEqual(['moved', 'since', 'score', 'spectrum']);
  });

  it('goes on after a restart as if there had been none', () => {
    const samples = [...clips(60), ...clips(60, { score: 1.5, bands: [2, 0, 0] })];
    const options = { smallestShift: 0.8, falseAlarmInterval: 5000, nRecent: 20 };
    const whole = new DriftMonitor(clips(500), options);
    let monitor = DriftMonitor.fromJSON(JSON.stringify(whole));
    for (const [i, sample] of samples.entries()) {
      const report = whole.update({ time: i, ...sample });
      expect(monitor.update({ time: i, ...sample })).toEqual(report);
      monitor = DriftMonitor.fromJSON(JSON.stringify(monitor));
    }
    expect(whole.report.moved).toContain('score');
    expect(JSON.stringify(monitor)).toBe(JSON.stringify(whole));
    expect(JSON.stringify(monitor).length).toBeLessThan(40_000); // 200 quantiles of 500 clips each
  });

  it('finds no drift between a thinned reference and its own clips', () => {
    const many = clips(3000);
    expect(feed(new DriftMonitor(many), many.slice(0, 1000)).moved).toEqual([]);
  });

  it.each([
    [clips(19), {}, /reference must be at least 20 clips, got 19/],
    [undefined, {}, /reference must be at least 20 clips, got 0/],
    [Array(20).fill({ score: 1 }), {}, /reference, score must differ, got 20 times 1/],
    [
      [...clips(20), { score: 1 }],
      {},
      /reference\[20\] must have the quantities of the first: score, levelDb, band/,
    ],
    [[...clips(20), { score: Number.NaN }], {}, /reference\[20\]: score must be a finite number/],
    [[...clips(20), { score: 1, level: 3 }], {}, /unknown option 'level'. Did you mean 'levelDb'/],
    [[...clips(20), { score: 1, bandLevelsDb: [1] }], {}, /bandLevelsDb must hold at least 2 bands, got 1/],
    [reference, { smallestShift: 0 }, /smallestShift must/],
    [reference, { falseAlarmInterval: 1 }, /falseAlarmInterval must/],
    [reference, { nRecent: 0 }, /nRecent must/],
    [reference, { shift: 1 }, /unknown option 'shift'/],
  ])('refuses references and options, case %#', (samples, options, message) => {
    expect(() => new DriftMonitor(samples as DriftSample[], options as object)).toThrow(message);
  });

  it('refuses wrong updates, and stays as it was', () => {
    const monitor = new DriftMonitor(reference.map(({ score }) => ({ score })));
    monitor.update({ time: 5, score: 50 });
    const before = JSON.stringify(monitor);
    expect(() => monitor.update({ time: 4, score: 50 })).toThrow(
      /time must not be before the last one, 5, got 4/,
    );
    expect(() => monitor.update({ time: 6, score: Number.NaN })).toThrow(/score must be a finite number/);
    expect(() => monitor.update({ time: 6, score: 1, levelDb: 3 })).toThrow(/levelDb must be left out/);
    expect(() => monitor.update({ time: 6, score: 1, bandLevelsDb: [1, 2] })).toThrow(/must hold 0 bands/);
    expect(() => monitor.update({ time: 6, score: 1, bandLevelsDb: [1, Number.NaN] })).toThrow(
      /bandLevelsDb\[1\]/,
    );
    expect(JSON.stringify(monitor)).toBe(before);
  });

  it.each([
    [{ hasLevel: 1 }, /hasLevel must be a boolean/],
    [{ references: [] }, /references must be a list of one a quantity/],
    [
      { references: [{ mean: 0, deviation: 0, n: 20, values: [1] }], hasLevel: false },
      /references\[0\].deviation must/,
    ],
    [
      { references: [{ mean: 0, deviation: 1, n: 20, values: [] }], hasLevel: false },
      /references\[0\].values must/,
    ],
    [{ states: [] }, /states must be a list of one a reference/],
    [{ states: [3, 3, 3, 3, 3] }, /states\[0\] must be an object/],
    [{ settings: null }, /settings must be an object/],
    [{ settings: { nRecent: 0.5 } }, /nRecent must/],
    [{ time: 'now' }, /time must/],
    [{ kind: 'x' }, /kind/],
  ])('refuses JSON with %j', (fields, message) => {
    const json = new DriftMonitor(reference).toJSON();
    expect(() => DriftMonitor.fromJSON({ ...json, ...fields } as never)).toThrow(message);
  });
});

describe('what it stands on', () => {
  // D. C. Montgomery, "Introduction to Statistical Quality Control", table 9.3: two-sided, k = 1/2: h = 4 gives 168, h = 5 gives 465
  it('has the limits of textbooks', () => {
    expect(cusumLimit(0.5, 2 * 168)).toBeCloseTo(4, 1);
    expect(cusumLimit(0.5, 2 * 465)).toBeCloseTo(5, 1);
  });

  it('ranks values, equal ones in the middle', () => {
    const sorted = Float64Array.of(1, 2, 2, 2, 5);
    expect([0, 1, 1.5, 2, 5, 9].map((value) => doubleRank(sorted, value))).toEqual([0, 1, 2, 5, 9, 10]);
    const quantiles = rankQuantiles(5);
    expect(quantiles[5]).toBeCloseTo(0, 12);
    expect(quantiles[10]).toBeCloseTo(1.383, 3); // of 11/12
    expect(quantiles[0]).toBeCloseTo(-1.383, 3);
    expect(keptReference([3, 1, 2])).toEqual(Float64Array.of(1, 2, 3));
    const kept = keptReference(Array.from({ length: 1001 }, (_, i) => i));
    expect([kept.length, kept[0], kept[199]]).toEqual([200, 2.5, 997.5]);
  });
});
