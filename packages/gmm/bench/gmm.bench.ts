// Time of 10 iterations of EM from a given start, and of scoring, with each core. Run: npm run bench
import {
  type CoreChoice,
  type CovarianceType,
  GaussianMixture,
  type GaussianMixtureOptions,
} from '../src/index';

const SHAPES = [
  { nRows: 10_000, nCols: 128, nComponents: 2 },
  { nRows: 10_000, nCols: 16, nComponents: 8 },
];
/** Covariances that are no matrices know one core only. */
const RUNS: { covarianceType: CovarianceType; core: CoreChoice }[] = [
  { covarianceType: 'full', core: 'wasm' },
  { covarianceType: 'full', core: 'typescript' },
  { covarianceType: 'tied', core: 'wasm' },
  { covarianceType: 'tied', core: 'typescript' },
  { covarianceType: 'diag', core: 'auto' },
  { covarianceType: 'spherical', core: 'auto' },
];
const N_ITERATIONS = 10;

/** Columns that overlap and correlate, in two clusters of which the second lies `distance` off. */
function makeRows(nRows: number, nCols: number, distance: number): Float64Array {
  const noise = (i: number) =>
    ((Math.imul(i + 1, 2654435761) ^ Math.imul(i >>> 7, 40503)) >>> 0) / 2 ** 31 - 1;
  return Float64Array.from({ length: nRows * nCols }, (_, at) => {
    const [i, j] = [Math.floor(at / nCols), at % nCols];
    return noise(at) + 0.3 * noise(at - (at % nCols)) * Math.cos(j) + distance * (i % 2);
  });
}

function unitPrecisions(type: CovarianceType, nComponents: number, nCols: number): unknown {
  const row = Array<number>(nCols).fill(1);
  const matrix = row.map((_, i) => row.map((_, j) => (i === j ? 1 : 0)));
  const all = { full: matrix, tied: matrix, diag: row, spherical: 1 }[type];
  return type === 'tied' ? all : Array(nComponents).fill(all);
}

/** The fastest of five calls, in milliseconds. */
function measure(call: () => number): number {
  let best = Infinity;
  for (let run = 0; run < 5; run++) {
    const start = performance.now();
    if (!Number.isFinite(call())) throw new Error('no result');
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

for (const { nRows, nCols, nComponents } of SHAPES) {
  for (const [clusters, distance] of [
    ['overlapping', 0.02],
    ['apart', 1],
  ] as const) {
    const data = makeRows(nRows, nCols, distance);
    const x = { data, nRows, nCols };
    for (const { covarianceType, core } of RUNS) {
      const options = {
        nComponents,
        covarianceType,
        core,
        tol: 0,
        maxIter: N_ITERATIONS,
        weightsInit: Array(nComponents).fill(1 / nComponents),
        meansInit: Array.from({ length: nComponents }, (_, k) => data.slice(k * nCols, (k + 1) * nCols)),
        precisionsInit: unitPrecisions(covarianceType, nComponents, nCols),
      } as GaussianMixtureOptions;
      const mixture = new GaussianMixture(options);
      const fitted = measure(() => mixture.fit(x).lowerBound);
      const scored = measure(() => mixture.score(x));
      const name = `${nRows} x ${nCols}, ${nComponents} ${covarianceType} (${core}), clusters ${clusters}`;
      console.log(
        `${name.padEnd(60)} ${N_ITERATIONS} iterations ${fitted.toFixed(0)} ms, score ${scored.toFixed(1)} ms`,
      );
    }
  }
  const x = { data: makeRows(nRows, nCols, 0.02), nRows, nCols };
  const whole = measure(() => new GaussianMixture({ nComponents }).fit(x).lowerBound);
  console.log(`${nRows} x ${nCols}, ${nComponents} full, k-means start, defaults: ${whole.toFixed(0)} ms`);
}
