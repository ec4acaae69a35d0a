import { MahalanobisDistance } from '@serial-oe/detectors';
import { seededRandom } from '@serial-oe/foundation';
import { GaussianMixture } from '@serial-oe/gmm';
import type { Embeddings } from '@serial-oe/runtime';
import { resolveConfig } from '../src';
import { meanEmbedding, movedTo, spreadOf } from '../src/model/clip-detector';
import { clipScore } from '../src/model/detector';
import { fitDetector } from '../src/model/fit-detector';

const N_COLS = 20;
const { detector, decision } = resolveConfig('quick', { detector: { kind: 'clipMahalanobis' } });

/** Chunks that lie close about a mean of the clip's own. */
function clip(name: string, { centre = 0, spread = 1 } = {}): Embeddings {
  const random = seededRandom(0, name);
  const mean = Float64Array.from({ length: N_COLS }, () => centre + spread * (2 * random() - 1));
  const data = Float32Array.from(
    { length: 6 * N_COLS },
    (_, i) => mean[i % N_COLS]! + 0.1 * (2 * random() - 1),
  );
  return { data, nRows: 6, nCols: N_COLS };
}

const clips = (name: string, n: number, centre = 0) =>
  Array.from({ length: n }, (_, i) => clip(`${name} ${i}`, { centre }));
const fit = (some: readonly Embeddings[], more: object = {}) =>
  fitDetector(some, { detector, decision, validation: [], random: () => seededRandom(0), ...more });

describe('a detector on the means of clips', () => {
  const fitted = fit(clips('normal', 12));
  const scoreOf = (embeddings: Embeddings) =>
    clipScore(fitted.outlierDetector, embeddings, { ...decision, unit: fitted.unit });

  it('is Mahalanobis` distance by Ledoit and Wolf, and its score the logarithm', () => {
    const means = clips('normal', 12).map((each) => Array.from(meanEmbedding(each)));
    const reference = new MahalanobisDistance({ shrinkage: 'ledoitWolf' }).fit(means);
    const odd = clip('odd', { centre: 2 });
    const square = -reference.scoreSamples([Array.from(meanEmbedding(odd))])[0]!;
    expect(fitted.unit).toBe('clip');
    expect(scoreOf(odd).anomalyScore).toBeCloseTo(Math.log(square) / 2, 12);
    expect(scoreOf(odd).chunkScores).toHaveLength(6);
  });

  it('tells clips that lie elsewhere, of more columns than clips', () => {
    const usual = clips('new', 10).map((each) => scoreOf(each).anomalyScore);
    expect(scoreOf(clip('odd', { centre: 2 })).anomalyScore).toBeGreaterThan(Math.max(...usual));
  });

  it('sets its threshold by cross-fitting, clip by clip in order', () => {
    expect(fitted.calibration).toMatchObject({ method: 'crossFit', nClips: 12 });
    const without = fit(clips('normal', 12).filter((_, i) => i % 5 !== 3));
    const left = clipScore(without.outlierDetector, clips('normal', 12)[8]!, { ...decision, unit: 'clip' });
    expect(fitted.normalScores[8]).toBeCloseTo(left.anomalyScore, 5); // the mean passes through float32
    const nAbove = clips('fresh', 200).filter((each) => scoreOf(each).anomalyScore > fitted.threshold).length;
    expect(nAbove).toBeLessThan(70);
  });

  it('sets it on held-out clips where there are any', () => {
    const held = fit(clips('normal', 12), { validation: clips('held', 8) });
    expect(held.calibration).toMatchObject({ method: 'validation', nClips: 8 });
    expect(held.normalScores).toHaveLength(8);
  });

  it('lends a machine of one clip the spread of the others', () => {
    const spread = spreadOf([clips('normal', 12), clips('other', 1, 9)]);
    expect(spread).toHaveLength(12);
    const lent = fit(clips('few', 1, 5), { spread });
    expect(lent.calibration.method).toBe('borrowed');
    const score = (embeddings: Embeddings) =>
      clipScore(lent.outlierDetector, embeddings, { ...decision, unit: lent.unit }).anomalyScore;
    const nAbove = clips('few too', 50, 5).filter((each) => score(each) > lent.threshold).length;
    expect(nAbove).toBeLessThan(25);
    expect(score(clip('odd', { centre: 8 }))).toBeGreaterThan(lent.threshold);
  });

  it.each([
    ['one clip, and no others', clips('few', 1)],
    ['clips that are one clip', Array.from({ length: 5 }, () => clip('same'))],
  ])('leaves %s to a mixture', (_, few) => {
    const { outlierDetector, unit } = fit(few);
    expect(outlierDetector).toBeInstanceOf(GaussianMixture);
    expect(unit).toBe('chunk');
  });

  it('moves to another machine with its spread', () => {
    const moved = movedTo(fitted.outlierDetector as MahalanobisDistance, clips('normal', 12));
    const odd = clip('odd', { centre: 2 });
    expect(clipScore(moved, odd, { ...decision, unit: 'clip' }).anomalyScore).toBeCloseTo(
      scoreOf(odd).anomalyScore,
      10,
    );
  });
});
