import type { MixtureMaker } from '@serial-oe/detectors';
import { GaussianMixture, type GaussianMixtureJSON } from '@serial-oe/gmm';
import type { DetectorConfig } from '../config/config';

/** What a specification of a mixture leaves open: the rest of the configuration, and where its random numbers come from. */
export interface MixtureContext {
  config: Pick<DetectorConfig, 'covarianceType' | 'regCovar' | 'tol' | 'maxIter' | 'nInit'>;
  random: () => number;
}

/** Makes mixtures as a configuration says, for `createDetector` of @serial-oe/detectors. */
export function mixtureMaker({ config, random }: MixtureContext): MixtureMaker {
  const { covarianceType, regCovar, tol, maxIter, nInit } = config;
  return {
    create: ({ nComponents }) =>
      new GaussianMixture({ nComponents, covarianceType, regCovar, tol, maxIter, nInit, random }),
    fromJSON: (json) => GaussianMixture.fromJSON(json as GaussianMixtureJSON, { random }),
  };
}
