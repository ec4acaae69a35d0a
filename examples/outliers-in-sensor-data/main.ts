// A Gaussian mixture that finds faults in plain sensor readings; no sound involved.
// npm start -w examples/outliers-in-sensor-data
import { seededRandom } from '@serial-oe/datasets';
import { rocAuc, thresholdFromNormals } from '@serial-oe/evaluation';
import { GaussianMixture } from '@serial-oe/gmm';

const random = seededRandom(7);

/** Standard normal, by Box and Muller. */
function gaussian(): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** One reading of a pump that idles or works: temperature (deg C), vibration (mm/s), current (A). */
function reading(isFaulty: boolean): number[] {
  const isWorking = random() < 0.6;
  const load = isWorking ? 1 + 0.1 * gaussian() : 0.3 + 0.05 * gaussian();
  const current = 2 + 6 * load + 0.1 * gaussian();
  // A worn bearing vibrates more than its load explains; each value alone still looks ordinary.
  const vibration = 0.5 + 2 * load + 0.15 * gaussian() + (isFaulty ? 0.8 : 0);
  const temperature = 35 + 20 * load + 1.5 * gaussian() + (isFaulty ? 3 : 0);
  return [temperature, vibration, current];
}

const readings = (n: number, isFaulty: boolean): number[][] =>
  Array.from({ length: n }, () => reading(isFaulty));

const mixture = new GaussianMixture({ nComponents: 2, random }).fit(readings(2_000, false));
const anomalyScores = (rows: number[][]): number[] => Array.from(mixture.scoreSamples(rows), (s) => -s);

const threshold = thresholdFromNormals(anomalyScores(readings(2_000, false)), 0.01);
const normal = anomalyScores(readings(500, false));
const faulty = anomalyScores(readings(500, true));
const labels = [...normal.map(() => 0), ...faulty.map(() => 1)];

const shareAbove = (scores: number[]): string =>
  `${((100 * scores.filter((score) => score > threshold).length) / scores.length).toFixed(1)} %`;
console.log(`EM: ${mixture.nIter} iterations, converged: ${mixture.converged}`);
console.log(`AUC ${rocAuc(labels, [...normal, ...faulty]).toFixed(3)}`);
console.log(
  `At a threshold for 1 % false alarms: ${shareAbove(faulty)} of the faults, ${shareAbove(normal)} false alarms`,
);
