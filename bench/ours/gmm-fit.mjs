// EM from a given start, a fixed number of iterations. Inputs: gmm.f64, gmm.json.
import { GaussianMixture } from '@serial-oe/gmm';
import { readFloat64, readJson } from './inputs.mjs';
import { serve } from './serve.mjs';

const { nRows, nCols, nIterations, weights, means, precisions } = readJson('gmm.json');
const x = { data: readFloat64('gmm.f64'), nRows, nCols };

/** The lower bound after the last iteration. */
function run() {
  const mixture = new GaussianMixture({
    nComponents: weights.length,
    covarianceType: 'full',
    tol: 0,
    maxIter: nIterations,
    weightsInit: weights,
    meansInit: means,
    precisionsInit: precisions,
  });
  return mixture.fit(x).lowerBound;
}

await serve({ check: run(), run, warmUp: 1 });
