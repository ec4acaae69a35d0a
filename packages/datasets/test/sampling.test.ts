import * as fc from 'fast-check';
import {
  assertNoLeak,
  type Clip,
  contaminate,
  DataLeakError,
  mergeDatasets,
  NotEnoughAnomaliesError,
  seededRandom,
  selectKnownAnomalies,
  splitValidation,
} from '../src';

/** Clips of IDs 00, 01, ...: for each the number of training normals, test normals and test anomalies. */
function makeClips(counts: readonly (readonly [number, number, number])[]): Clip[] {
  return counts.flatMap(([nTrain, nNormal, nAnomalous], id) => {
    const machineId = String(id).padStart(2, '0');
    const of = (n: number, label: Clip['label'], split: Clip['split']) =>
      Array.from({ length: n }, (_, i): Clip => {
        const path = `fan/${split}/${label}_id_${machineId}_${String(i).padStart(8, '0')}.wav`;
        return { path, machineType: 'fan', machineId, label, split };
      });
    return [
      ...of(nTrain, 'normal', 'train'),
      ...of(nNormal, 'normal', 'test'),
      ...of(nAnomalous, 'anomaly', 'test'),
    ];
  });
}

const paths = (clips: readonly Clip[]) => clips.map((clip) => clip.path);
const countsOfIds = fc.array(fc.tuple(fc.nat(5), fc.nat(5), fc.integer({ min: 9, max: 20 })), {
  minLength: 1,
  maxLength: 4,
});

describe('selectKnownAnomalies', () => {
  it('nests: the list for n is a prefix of the list for n + 1, the test set is the same at every n', () => {
    fc.assert(
      fc.property(countsOfIds, fc.integer(), fc.integer({ min: 0, max: 7 }), (counts, seed, nPerId) => {
        const clips = makeClips(counts);
        const at = (n: number) =>
          selectKnownAnomalies(clips, { nPerId: n, nHeldOut: 8, random: seededRandom(seed) });
        const [less, more] = [at(nPerId), at(nPerId + 1)];
        expect(less.knownAnomalies).toHaveLength(nPerId * counts.length);
        expect(more.knownAnomalies.slice(0, less.knownAnomalies.length)).toEqual(less.knownAnomalies);
        expect(more.testClips).toEqual(less.testClips);
        assertNoLeak(
          [...clips.filter((clip) => clip.split === 'train'), ...more.knownAnomalies],
          more.testClips,
        );
        const nAnomalies = less.testClips.filter((clip) => clip.label === 'anomaly').length;
        expect(nAnomalies).toBe(counts.reduce((sum, [, , n]) => sum + n - 8, 0));
      }),
    );
  });

  it('does not depend on the order of the clips', () => {
    const clips = makeClips([
      [2, 2, 12],
      [2, 2, 12],
    ]);
    const options = { nPerId: 3, nHeldOut: 6 };
    const forward = selectKnownAnomalies(clips, { ...options, random: seededRandom(1) });
    const backward = selectKnownAnomalies([...clips].reverse(), { ...options, random: seededRandom(1) });
    expect(backward.knownAnomalies).toEqual(forward.knownAnomalies);
    expect(paths(backward.testClips).sort()).toEqual(paths(forward.testClips).sort());
  });

  it('returns copies for training, of each ID equally many, and draws others for another seed', () => {
    const clips = makeClips([
      [1, 1, 40],
      [1, 1, 33],
    ]);
    const { knownAnomalies } = selectKnownAnomalies(clips, { nPerId: 4, random: seededRandom(5) });
    expect(knownAnomalies.every((clip) => clip.split === 'train' && clip.label === 'anomaly')).toBe(true);
    expect(knownAnomalies.map((clip) => clip.machineId).join(' ')).toBe('00 01 00 01 00 01 00 01');
    expect(clips.filter((clip) => clip.split === 'train')).toHaveLength(2); // the input stays as it was
    const other = selectKnownAnomalies(clips, { nPerId: 4, random: seededRandom(6) });
    expect(other.knownAnomalies).not.toEqual(knownAnomalies);
  });

  it('names the ID that has too few', () => {
    const clips = makeClips([
      [1, 1, 40],
      [1, 1, 8],
    ]);
    const tooFew = () => selectKnownAnomalies(clips, { nPerId: 1, nHeldOut: 8, random: seededRandom(0) });
    expect(tooFew).toThrow(NotEnoughAnomaliesError);
    expect(tooFew).toThrow(/nHeldOut = 8, but fan 01 has 8/);
    expect(() => selectKnownAnomalies(clips, { nPerId: 9, nHeldOut: 8, random: seededRandom(0) })).toThrow(
      /nPerId must be <= nHeldOut, got nPerId = 9, nHeldOut = 8/,
    );
    expect(() => selectKnownAnomalies(clips, { nPerId: 1.5, random: seededRandom(0) })).toThrow(/nPerId/);
    expect(() => selectKnownAnomalies(clips, { nPerId: 1, random: 3 as unknown as () => number })).toThrow(
      TypeError,
    );
  });

  it('reproduces the leak of the published code under its name alone', () => {
    const clips = makeClips([[2, 5, 100]]);
    const at = (nPerId: number, protocol: 'nested' | 'reference') =>
      selectKnownAnomalies(clips, { nPerId, protocol, random: seededRandom(3) });
    expect(at(16, 'reference').testClips).toEqual(at(16, 'nested').testClips);
    expect(() => assertNoLeak(at(16, 'reference').knownAnomalies, at(16, 'reference').testClips)).toThrow(
      DataLeakError,
    );
    assertNoLeak(at(32, 'reference').knownAnomalies, at(32, 'reference').testClips);
    const four = paths(at(4, 'reference').knownAnomalies);
    expect(paths(at(8, 'reference').knownAnomalies).slice(0, 4)).not.toEqual(four); // independent draws
    expect(() => at(1, 'leaky' as 'nested')).toThrow(RangeError);
  });
});

describe('contaminate', () => {
  it('adds the clips that selectKnownAnomalies would draw, labelled normal', () => {
    const clips = makeClips([
      [5, 2, 12],
      [4, 2, 15],
    ]);
    const options = { nPerId: 3, nHeldOut: 6 };
    const known = selectKnownAnomalies(clips, { ...options, random: seededRandom(9) });
    const { trainClips, contaminants, testClips } = contaminate(clips, {
      ...options,
      random: seededRandom(9),
    });
    expect(paths(contaminants)).toEqual(paths(known.knownAnomalies));
    expect(testClips).toEqual(known.testClips);
    expect(trainClips).toHaveLength(9 + 6);
    expect(trainClips.every((clip) => clip.label === 'normal' && clip.split === 'train')).toBe(true);
    assertNoLeak(trainClips, testClips);
  });
});

describe('assertNoLeak', () => {
  it('names the clips on both sides', () => {
    const clips = makeClips([[5, 1, 0]]);
    assertNoLeak(clips.slice(0, 3), clips.slice(3));
    assertNoLeak([], []);
    const leak = () => assertNoLeak(clips, clips.slice(1));
    expect(leak).toThrow(/got 5: fan\/train\/normal_id_00_00000001\.wav, /);
    expect(leak).toThrow(expect.objectContaining({ name: 'DataLeakError', paths: paths(clips.slice(1)) }));
  });
});

describe('splitValidation', () => {
  it('holds out round(fraction * n) of each ID, at least 1, never all', () => {
    const clips = makeClips([
      [20, 0, 0],
      [1, 0, 0],
      [2, 0, 0],
      [100, 0, 0],
    ]);
    const { train, validation } = splitValidation(clips, { random: seededRandom(0) });
    const nOf = (id: string) => validation.filter((clip) => clip.machineId === id).length;
    expect(['00', '01', '02', '03'].map(nOf)).toEqual([3, 0, 1, 17]);
    assertNoLeak(train, validation);
    expect(train.length + validation.length).toBe(clips.length);
    expect(splitValidation(clips, { fraction: 0, random: seededRandom(0) }).validation).toEqual([]);
    expect(splitValidation(clips, { fraction: 0.99, random: seededRandom(0) }).train).toHaveLength(
      1 + 1 + 1 + 1,
    );
  });

  it('partitions any clips, whatever their order', () => {
    fc.assert(
      fc.property(
        countsOfIds,
        fc.integer(),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (counts, seed, fraction) => {
          const clips = makeClips(counts);
          const { train, validation } = splitValidation(clips, { fraction, random: seededRandom(seed) });
          expect(paths([...train, ...validation]).sort()).toEqual(paths(clips).sort());
          const reversed = splitValidation([...clips].reverse(), { fraction, random: seededRandom(seed) });
          expect(paths(reversed.validation).reverse()).toEqual(paths(validation));
          expect(new Set(train.map((clip) => clip.machineId)).size).toBe(
            new Set(paths(clips).map((p) => p.slice(-15, -13))).size,
          );
        },
      ),
    );
  });

  it.each([-0.1, 1, 1.5, Number.NaN])('refuses a fraction of %p', (fraction) => {
    expect(() => splitValidation([], { fraction, random: seededRandom(0) })).toThrow(RangeError);
  });
});

describe('mergeDatasets', () => {
  it('joins clips, names and warnings, and refuses the same path twice', () => {
    const [a, b] = [makeClips([[2, 0, 0]]), makeClips([[0, 2, 0]])];
    expect(
      mergeDatasets([
        { clips: a, name: 'a', warnings: ['w'] },
        { clips: b, name: 'b' },
      ]),
    ).toEqual({
      clips: [...a, ...b],
      name: 'a + b',
      warnings: ['w'],
    });
    expect(() => mergeDatasets([{ clips: a }, { clips: a }])).toThrow(
      /fan\/train\/normal_id_00_00000000\.wav twice/,
    );
    expect(() => mergeDatasets([])).toThrow(RangeError);
  });
});

describe('seededRandom', () => {
  const draw = (random: () => number, n = 8) => Array.from({ length: n }, random);

  it('gives the same stream for the same labels and another for any other', () => {
    const labels = [
      [1],
      [2],
      [1, 'a'],
      [1, 'b'],
      [1, 'a', 0],
      [1, 'a', 1],
      [1, '1'],
      [1, 1],
      [1.5],
      [-1],
    ] as const;
    const streams = labels.map(([seed, ...rest]) => draw(seededRandom(seed, ...rest)).join());
    expect(new Set(streams).size).toBe(labels.length);
    expect(draw(seededRandom(1, 'a')).join()).toBe(streams[2]);
    expect(() => seededRandom(Number.NaN)).toThrow(RangeError);
  });

  it('is uniform in [0, 1) and uncorrelated between neighbouring labels', () => {
    const n = 20000;
    const [a, b] = [draw(seededRandom(0, 'clip', 1), n), draw(seededRandom(0, 'clip', 2), n)];
    expect(Math.min(...a)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...a)).toBeLessThan(1);
    const mean = (x: readonly number[]) => x.reduce((sum, v) => sum + v, 0) / x.length;
    // Five standard errors of the mean, of the second moment and of the product of independent uniforms.
    expect(Math.abs(mean(a) - 1 / 2)).toBeLessThan((5 * Math.sqrt(1 / 12)) / Math.sqrt(n));
    expect(Math.abs(mean(a.map((v) => v * v)) - 1 / 3)).toBeLessThan((5 * Math.sqrt(4 / 45)) / Math.sqrt(n));
    expect(Math.abs(mean(a.map((v, i) => (v - 0.5) * ((b[i] as number) - 0.5))))).toBeLessThan(
      5 / 12 / Math.sqrt(n),
    );
  });
});
