import { type CovarianceType, GaussianMixture } from '@serial-oe/gmm';
import type { DetectorConfig } from '../config/config';
import type { Embeddings } from '../model/detector';

/** What scores embeddings: higher log-likelihoods (or their like) are more normal, as in scikit-learn. */
export interface OutlierDetector {
  fit(X: Embeddings): unknown;
  /** `[nRows]` */
  scoreSamples(X: Embeddings): Float64Array;
}

/** A detector by its name and what is not its default. Plain JSON. */
export type DetectorSpec = { kind: 'gaussianMixture'; nComponents: number };

/** The detectors that are compared; the method's own is the mixture of 2 components. */
export const DETECTOR_SPECS: readonly { id: string; title: string; detector: DetectorSpec }[] = [
  ...[1, 2, 4, 8, 16, 32].map((nComponents) => ({
    id: `gmm-${nComponents}`,
    title: `Gaussian mixture, ${nComponents} component${nComponents === 1 ? '' : 's'}`,
    detector: { kind: 'gaussianMixture', nComponents } as const,
  })),
];

/** Makes a detector; a mixture takes what the specification does not say from the configuration. */
export function createDetector(
  spec: DetectorSpec,
  config: DetectorConfig,
  random: () => number,
): OutlierDetector {
  switch (spec.kind) {
    case 'gaussianMixture':
      return mixture({ ...config, nComponents: spec.nComponents }, random);
  }
}

function mixture(
  { nComponents, covarianceType, regCovar, tol, maxIter, nInit }: DetectorConfig,
  random: () => number,
): GaussianMixture<CovarianceType> {
  return new GaussianMixture({ nComponents, covarianceType, regCovar, tol, maxIter, nInit, random });
}
