// Which way of turning chunk scores into a clip score finds which faults: AUC of each, on simulated chunk scores.
// npm start -w examples/compare-aggregators
import { type AggregationMethod, aggregate } from '@serial-oe/aggregator';
import { seededRandom } from '@serial-oe/datasets';
import { rocAuc } from '@serial-oe/evaluation';

const N_CLIPS = 2_000;
const N_CHUNKS = 10;
const METHODS: AggregationMethod[] = ['upperHalfMean', 'lowerHalfMean', 'mean', 'median', 'max'];

/** By how much a fault raises the score of each of the ten chunks, in standard deviations of normal chunks. */
const FAULTS: Record<string, (chunk: number) => number> = {
  'one click': (chunk) => (chunk === 4 ? 4 : 0),
  'comes and goes': (chunk) => (chunk % 3 === 0 ? 1.5 : 0),
  'lasting, faint': () => 0.6,
};

const random = seededRandom(3);
const gaussian = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const chunkScores = (raise: (chunk: number) => number) =>
  Array.from({ length: N_CHUNKS }, (_, chunk) => gaussian() + raise(chunk));
const clips = (raise: (chunk: number) => number) => Array.from({ length: N_CLIPS }, () => chunkScores(raise));

const normal = clips(() => 0);
const labels = [...normal.map(() => 0), ...normal.map(() => 1)];

console.log(['AUC'.padEnd(16), ...Object.keys(FAULTS).map((name) => name.padStart(16))].join(''));
const faulty = Object.values(FAULTS).map(clips);
for (const method of METHODS) {
  const aucs = faulty.map((anomalous) =>
    rocAuc(
      labels,
      [...normal, ...anomalous].map((scores) => aggregate(scores, method)),
    ),
  );
  console.log([String(method).padEnd(16), ...aucs.map((auc) => auc.toFixed(3).padStart(16))].join(''));
}
