import { cholesky, fillNormal, type Matrix } from '@serial-oe/foundation';
import type { MixtureParameters } from './parameters';

/** Rows drawn from a mixture: a matrix that `fit` and the scores take, with the component of each row. */
export interface MixtureSample extends Matrix {
  /** `[nRows]`, ascending: rows stand in the order of their components. */
  labels: Int32Array;
}

/** Draws the component of each row by the weights, sorts them, then draws each row as m + L z with L L^T = C. */
export function drawSample(
  parameters: MixtureParameters,
  nRows: number,
  random: () => number,
): MixtureSample {
  const { nFeatures: nCols, means } = parameters;
  const labels = Int32Array.from({ length: nRows }, () => drawComponent(parameters, random)).sort();
  const data = new Float64Array(nRows * nCols);
  const normals = new Float64Array(nCols);
  let component = -1;
  let lower: Float64Array = new Float64Array(0);
  for (let i = 0; i < nRows; i++) {
    if (labels[i] !== component) {
      component = labels[i]!;
      lower = covarianceFactor(parameters, component);
    }
    fillNormal(normals, 1, random);
    for (let j = 0; j < nCols; j++) {
      let value = means[component * nCols + j]!;
      if (lower.length === nCols) value += lower[j]! * normals[j]!;
      else for (let k = 0; k <= j; k++) value += lower[j * nCols + k]! * normals[k]!;
      data[i * nCols + j] = value;
    }
  }
  return { data, nRows, nCols, labels };
}

function drawComponent({ weights, nComponents }: MixtureParameters, random: () => number): number {
  const uniform = random();
  let running = 0;
  for (let k = 0; k < nComponents - 1; k++) {
    running += weights[k]!;
    if (uniform < running) return k;
  }
  return nComponents - 1;
}

/** L of one component: `[D, D]` for full and tied, its diagonal `[D]` for diag and spherical. */
function covarianceFactor(
  { covarianceType, nFeatures, covariances }: MixtureParameters,
  k: number,
): Float64Array {
  if (covarianceType === 'spherical') return new Float64Array(nFeatures).fill(Math.sqrt(covariances[k]!));
  if (covarianceType === 'diag') return covariances.slice(k * nFeatures, (k + 1) * nFeatures).map(Math.sqrt);
  const offset = covarianceType === 'full' ? k * nFeatures * nFeatures : 0;
  const lower = cholesky(covariances, new Float64Array(nFeatures), offset);
  if (typeof lower === 'number') {
    throw new RangeError(
      `gmm.GaussianMixture.sample: covariances must be positive definite, got one of component ${k} that is not, at ` +
        `column ${lower}. Raise regCovar.`,
    );
  }
  return lower;
}
