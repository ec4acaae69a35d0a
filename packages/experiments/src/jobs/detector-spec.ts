import {
  KernelDensity,
  KNearestNeighbors,
  LocalOutlierFactor,
  MahalanobisDistance,
  OneClassSvm,
  type OutlierDetector,
} from '@serial-oe/detectors';
import { GaussianMixture } from '@serial-oe/gmm';
import type { DetectorConfig } from '@serial-oe/serial-oe';

/** A detector by its name and what is not its default. Plain JSON. */
export type DetectorSpec =
  | { kind: 'gaussianMixture'; nComponents: number }
  | { kind: 'kNearestNeighbors'; nNeighbors: number }
  | { kind: 'localOutlierFactor'; nNeighbors: number }
  | { kind: 'oneClassSvm'; nu: number }
  | { kind: 'kernelDensity'; bandwidth: number | 'scott' | 'silverman' }
  | { kind: 'mahalanobisDistance'; shrinkage: number | 'ledoitWolf' };

/** The detectors that are compared; the method's own is the mixture of 2 components. Others have scikit-learn's defaults. */
export const DETECTOR_SPECS: readonly { id: string; title: string; detector: DetectorSpec }[] = [
  ...[1, 2, 4, 8, 16, 32].map((nComponents) => ({
    id: `gmm-${nComponents}`,
    title: `Gaussian mixture, ${nComponents} component${nComponents === 1 ? '' : 's'}`,
    detector: { kind: 'gaussianMixture', nComponents } as const,
  })),
  {
    id: 'knn-5',
    title: 'mean distance to the 5 nearest neighbours',
    detector: { kind: 'kNearestNeighbors', nNeighbors: 5 },
  },
  {
    id: 'lof-20',
    title: 'local outlier factor, 20 neighbours',
    detector: { kind: 'localOutlierFactor', nNeighbors: 20 },
  },
  { id: 'ocsvm', title: 'one-class SVM, RBF kernel, nu 0.5', detector: { kind: 'oneClassSvm', nu: 0.5 } },
  {
    id: 'kde',
    title: "kernel density, Scott's bandwidth",
    detector: { kind: 'kernelDensity', bandwidth: 'scott' },
  },
  {
    id: 'mahalanobis',
    title: 'Mahalanobis distance, Ledoit-Wolf covariance',
    detector: { kind: 'mahalanobisDistance', shrinkage: 'ledoitWolf' },
  },
];

/** Makes a detector; a mixture takes what the specification does not say from the configuration. */
export function createDetector(
  spec: DetectorSpec,
  { covarianceType, regCovar, tol, maxIter, nInit }: DetectorConfig,
  random: () => number,
): OutlierDetector {
  switch (spec.kind) {
    case 'gaussianMixture': {
      const { nComponents } = spec;
      return new GaussianMixture({ nComponents, covarianceType, regCovar, tol, maxIter, nInit, random });
    }
    case 'kNearestNeighbors':
      return new KNearestNeighbors(spec);
    case 'localOutlierFactor':
      return new LocalOutlierFactor(spec);
    case 'oneClassSvm':
      return new OneClassSvm(spec);
    case 'kernelDensity':
      return new KernelDensity(spec);
    case 'mahalanobisDistance':
      return new MahalanobisDistance(spec);
  }
}
