// Gaussian mixtures by themselves: how many states a press is in, told by BIC from a power meter's readings; which readings belong to
// none of them; and the mixture as a JSON file. Nothing is labelled, and no other package is needed.
// npm start -w examples/gmm-alone [-- FILE.csv]      a line of names, then numbers
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type CovarianceType, GaussianMixture } from '@serial-oe/gmm';
import { ODD_READINGS, pressReadings } from './press-readings';
import { fromCsv, standardization } from './table';

const COMPONENTS = [1, 2, 3, 4, 5, 6];
const COVARIANCES: CovarianceType[] = ['full', 'tied', 'diag', 'spherical'];
/** Share of the readings that may lie outside. */
const OUTSIDE = 0.005;

const line = (cells: readonly (string | number)[]) => cells.map((cell) => String(cell).padStart(14)).join('');
const quantile = (values: Float64Array, share: number) =>
  Float64Array.from(values).sort()[Math.floor(share * values.length)]!;

const [file] = process.argv.slice(2);
const { names, rows } = file
  ? fromCsv(readFileSync(resolve(process.env.INIT_CWD ?? '.', file), 'utf8')) // npm moves into the example's folder
  : pressReadings();
const unit = standardization(rows); // EM starts by k-means, which measures distances: no unit should outweigh another
const X = rows.map(unit.from);

// 1  Which mixture: that of the lowest BIC, which charges every further parameter against the likelihood that it buys.
interface Choice {
  mixture: GaussianMixture<CovarianceType>;
  covarianceType: CovarianceType;
  bic: number;
}
const choices: Choice[] = COMPONENTS.flatMap((nComponents) =>
  COVARIANCES.map((covarianceType) => {
    const mixture = new GaussianMixture({ nComponents, covarianceType, nInit: 3 }).fit(X);
    return { mixture, covarianceType, bic: mixture.bic(X) };
  }),
);
const { mixture, covarianceType } = choices.reduce((best, choice) => (choice.bic < best.bic ? choice : best));

console.log(`${rows.length} readings of ${names.join(', ')}\n\nBIC`);
console.log(line(['components', ...COVARIANCES]));
for (const nComponents of COMPONENTS) {
  const row = choices.filter((choice) => choice.mixture.weights.length === nComponents);
  console.log(line([nComponents, ...row.map(({ bic }) => bic.toFixed(0))]));
}
console.log(`chosen: ${mixture.weights.length} components, ${covarianceType}`);

// 2  What it found: share and mean of each state, in the units of the readings.
const { weights, means } = mixture;
console.log(`\n${line(['state', 'share', ...names])}`);
for (const [k, mean] of means.entries()) {
  const cells = unit.back(mean).map((value) => value.toFixed(2));
  console.log(line([k, `${(100 * weights[k]!).toFixed(1)} %`, ...cells]));
}

// 3  Outliers: a reading of a lower density than all but a few of those that were learnt belongs to no state.
const learnt = mixture.scoreSamples(X);
const limit = quantile(learnt, OUTSIDE);
console.log(
  `\nlog density below ${limit.toFixed(1)} (${100 * OUTSIDE} % of the readings) belongs to no state`,
);
const rarest = rows
  .map((row, i) => ({ row, what: `reading ${i + 1}`, density: learnt[i]! }))
  .sort((a, b) => a.density - b.density)
  .slice(0, 3);
const asked = file ? rarest : ODD_READINGS;
const readings = asked.map(({ row }) => unit.from(row));
const [densities, states] = [mixture.scoreSamples(readings), mixture.predict(readings)];
for (const [i, { row, what }] of asked.entries()) {
  const verdict = densities[i]! < limit ? 'no state' : `state ${states[i]}`;
  console.log(`${line(row)}${densities[i]!.toFixed(1).padStart(8)}  ${verdict}  ${what}`);
}

// 4  Kept as JSON, with what brings readings into its units; it scores the same, bit for bit.
mkdirSync('output', { recursive: true });
const path = resolve('output/press.json');
writeFileSync(path, JSON.stringify({ names, mean: unit.mean, deviation: unit.deviation, mixture }));
const restored = GaussianMixture.fromJSON(JSON.parse(readFileSync(path, 'utf8')).mixture);
const isSame = restored.scoreSamples(X).every((density, i) => density === learnt[i]);
console.log(`\nread again, it gives ${isSame ? 'the same densities' : 'OTHER densities'}`);
console.log(`Wrote ${path}`);
