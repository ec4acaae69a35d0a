import type { DetectorSpec } from '@serial-oe/experiments';

/** The detectors that are compared; the method's own is the mixture of 2 components. Others have scikit-learn's defaults. */
export const DETECTORS_COMPARED: readonly { id: string; title: string; detector: DetectorSpec }[] = [
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
