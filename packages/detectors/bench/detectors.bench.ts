// Time to fit each detector and to score, for the embeddings of one machine. Run: npm run bench
import { formulaValues } from '@serial-oe/tooling/test-support/formula-values';
import {
  DensityNormalizedNeighbors,
  KernelDensity,
  KNearestNeighbors,
  LocalOutlierFactor,
  MahalanobisDistance,
  OneClassSvm,
  type OutlierDetector,
} from '../src/index';

const N_COLS = 128;

const DETECTORS: [name: string, make: () => OutlierDetector][] = [
  ['KNearestNeighbors', () => new KNearestNeighbors()],
  ['DensityNormalizedNeighbors', () => new DensityNormalizedNeighbors()],
  ['LocalOutlierFactor', () => new LocalOutlierFactor()],
  ['OneClassSvm, nu 0.5', () => new OneClassSvm()],
  ['OneClassSvm, nu 0.1', () => new OneClassSvm({ nu: 0.1 })],
  ['KernelDensity', () => new KernelDensity({ bandwidth: 2 })],
  ['MahalanobisDistance', () => new MahalanobisDistance({ shrinkage: 'ledoitWolf' })],
];

/** Columns whose sizes differ, all of which share a part. */
function embeddings(name: string, nRows: number) {
  const noise = formulaValues(name, nRows * N_COLS);
  const data = noise.map((value, at) => {
    const column = at % N_COLS;
    return value / (1 + column / 16) + noise[at - column]! * Math.cos(column);
  });
  return { data, nRows, nCols: N_COLS };
}

/** In milliseconds. */
function time(call: () => unknown): number {
  const start = performance.now();
  call();
  return performance.now() - start;
}

for (const nRows of [1000, 10_000]) {
  const train = embeddings('train', nRows);
  const test = embeddings('test', nRows);
  for (const [name, make] of DETECTORS) {
    const detector = make();
    const fit = time(() => detector.fit(train));
    const score = time(() => detector.scoreSamples(test));
    const what = `${name}, ${nRows} x ${N_COLS}`;
    console.log(`${what.padEnd(40)} fit ${fit.toFixed(0)} ms, score ${nRows} rows ${score.toFixed(0)} ms`);
  }
}
