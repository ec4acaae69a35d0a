import {
  createDetector as create,
  type GaussianMixtureSpec,
  type OutlierDetector,
  type DetectorSpec as Spec,
} from '@serial-oe/detectors';
import { type CovarianceType, GaussianMixture, type GaussianMixtureJSON } from '@serial-oe/gmm';

/** The mixture of `@serial-oe/gmm`, with all that is not its default. */
export interface MixtureSpec extends GaussianMixtureSpec {
  covarianceType?: CovarianceType;
  regCovar?: number;
  tol?: number;
  maxIter?: number;
  nInit?: number;
}

/** A detector by its name and what is not its default. Plain JSON. */
export type DetectorSpec = MixtureSpec | Exclude<Spec, GaussianMixtureSpec>;

/** Makes a detector. @param random for a mixture, uniform in [0, 1) */
export function createDetector(spec: DetectorSpec, random: () => number): OutlierDetector {
  const gaussianMixture = {
    create: ({ kind: _, ...options }: MixtureSpec) => new GaussianMixture({ ...options, random }),
    fromJSON: (json: object) => GaussianMixture.fromJSON(json as GaussianMixtureJSON, { random }),
  };
  return create(spec, { gaussianMixture });
}
