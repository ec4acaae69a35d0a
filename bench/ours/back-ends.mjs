// Scores of clips by their embeddings, as bench/peers/back_ends.py gives them by scikit-learn.
import { aggregate } from '@serial-oe/aggregator';
import { anomalyScores, borrowSpread, MahalanobisDistance, spreadAboutMean } from '@serial-oe/detectors';
import { seededRandom } from '@serial-oe/foundation';
import { GaussianMixture } from '@serial-oe/gmm';

/** A machine of fewer clips borrows the spread of the others. */
const MIN_CLIPS = 3;

/**
 * The paper's: a mixture of the chunks of one machine's normal clips.
 *
 * @param clips embeddings, each `{ data, nRows, nCols }`
 * @returns the score of a clip, higher is more anomalous
 */
export function mixtureScorer(clips, { seed, detector, decision }) {
  const { nComponents, covarianceType, regCovar, tol, maxIter, nInit } = detector;
  const random = seededRandom(seed, 'mixture');
  const mixture = new GaussianMixture({ nComponents, covarianceType, regCovar, tol, maxIter, nInit, random });
  mixture.fit(clips.flatMap(rowsOf));
  return (clip) => aggregate(anomalyScores(mixture, clip), decision.aggregation);
}

/** How clip means lie about those of their machines. */
export function spreadOf(machines) {
  return machines.flatMap((clips) => {
    const means = clips.map(meanOfClip);
    return spreadAboutMean(means, meanOf(means));
  });
}

/** As {@link mixtureScorer}: Ledoit-Wolf's distance of the clip's mean. */
export function ledoitWolfScorer(clips, spread) {
  const means = clips.map(meanOfClip);
  const rows =
    means.length >= MIN_CLIPS ? means : borrowSpread(spread, { mean: meanOf(means), nRows: means.length });
  const detector = new MahalanobisDistance({ shrinkage: 'ledoitWolf' }).fit(rows);
  return (clip) => Math.log(Math.max(anomalyScores(detector, [meanOfClip(clip)])[0], 1e-12)) / 2;
}

function rowsOf({ data, nRows, nCols }) {
  return Array.from({ length: nRows }, (_, i) => data.subarray(i * nCols, (i + 1) * nCols));
}

function meanOfClip(clip) {
  return meanOf(rowsOf(clip));
}

function meanOf(rows) {
  return Float64Array.from(rows[0], (_, j) => rows.reduce((sum, row) => sum + row[j], 0) / rows.length);
}
