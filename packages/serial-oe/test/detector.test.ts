import { seededRandom } from '@serial-oe/datasets';
import type { Embeddings } from '@serial-oe/runtime';
import { resolveConfig, type SerialOeConfig } from '../src';
import { clipScore } from '../src/model/detector';
import { fitDetector } from '../src/model/fit-detector';

const N_COLS = 4;
const config: SerialOeConfig = resolveConfig('paper', { detector: { nComponents: 1, regCovar: 1e-6 } });

/** Chunks around a centre, uniform within +-1. */
function clip(seed: number, { centre = 0, nRows = 10 } = {}): Embeddings {
  const random = seededRandom(seed, 'embeddings');
  const data = Float32Array.from({ length: nRows * N_COLS }, () => centre + 2 * random() - 1);
  return { data, nRows, nCols: N_COLS };
}

const clips = Array.from({ length: 40 }, (_, i) => clip(i));
const fit = (
  some: readonly Embeddings[],
  overrides: { validation?: Embeddings[]; falseAlarmRate?: number } = {},
) =>
  fitDetector(some, {
    detector: config.detector,
    decision: { ...config.decision, falseAlarmRate: overrides.falseAlarmRate ?? 0.1 },
    validation: overrides.validation ?? [],
    random: () => seededRandom(0, 'mixture'),
  });

describe('fitDetector', () => {
  it('scores what lies elsewhere higher', () => {
    const { mixture, threshold } = fit(clips);
    const usual = clipScore(mixture, clip(99), config.decision).anomalyScore;
    const odd = clipScore(mixture, clip(99, { centre: 3 }), config.decision).anomalyScore;
    expect(odd).toBeGreaterThan(threshold);
    expect(odd).toBeGreaterThan(usual + 5);
  });

  it('aggregates negative log-likelihoods by the upper half', () => {
    const { mixture } = fit(clips);
    const { anomalyScore, chunkScores } = clipScore(mixture, clip(99), config.decision);
    const logLikelihoods = mixture.scoreSamples(clip(99));
    expect(Array.from(chunkScores)).toEqual(Array.from(logLikelihoods, (value) => -value));
    const upper = Array.from(chunkScores)
      .sort((a, b) => a - b)
      .slice(5);
    expect(anomalyScore).toBeCloseTo(upper.reduce((sum, value) => sum + value, 0) / 5, 10);
  });

  it('sets the threshold on held-out clips where there are any', () => {
    const validation = Array.from({ length: 20 }, (_, i) => clip(200 + i));
    const detector = fit(clips, { validation, falseAlarmRate: 0.25 });
    expect(detector.calibration).toEqual({ method: 'validation', nClips: 20, falseAlarmRate: 0.25 });
    const above = validation.filter(
      (each) => clipScore(detector.mixture, each, config.decision).anomalyScore > detector.threshold,
    );
    expect(above).toHaveLength(5);
  });

  it('cross-fits without them, so that unseen clips raise the asked share of false alarms', () => {
    const { mixture, threshold, calibration } = fit(clips);
    expect(calibration).toEqual({ method: 'crossFit', nClips: 40, falseAlarmRate: 0.1 });
    const unseen = Array.from({ length: 200 }, (_, i) => clip(1000 + i));
    const nAbove = unseen.filter(
      (each) => clipScore(mixture, each, config.decision).anomalyScore > threshold,
    ).length;
    expect(nAbove / 200).toBeGreaterThan(0.03);
    expect(nAbove / 200).toBeLessThan(0.2);
  });

  it('says so when there is a single clip', () => {
    expect(fit([clip(0, { nRows: 20 })]).calibration).toEqual({
      method: 'inSample',
      nClips: 1,
      falseAlarmRate: 0.1,
    });
  });

  it('gives the same detector for the same seed', () => {
    expect(fit(clips).mixture.toJSON()).toEqual(fit(clips).mixture.toJSON());
  });

  it('passes on what the mixture refuses', () => {
    const flat = { data: new Float32Array(10 * N_COLS), nRows: 10, nCols: N_COLS };
    expect(() => fit([flat, flat])).toThrow(/gmm/);
  });
});
