import { checkKind, checkOptions, type OptionNames, readJsonObject, show } from '@serial-oe/foundation';
import {
  DensityNormalizedNeighbors,
  type DensityNormalizedNeighborsOptions,
} from './density-normalized-neighbors';
import { KNearestNeighbors, type KNearestNeighborsOptions } from './k-nearest-neighbors';
import { KernelDensity, type KernelDensityOptions } from './kernel-density';
import { LocalOutlierFactor, type LocalOutlierFactorOptions } from './local-outlier-factor';
import { MahalanobisDistance, type MahalanobisDistanceOptions } from './mahalanobis-distance';
import { OneClassSvm, type OneClassSvmOptions } from './one-class-svm';
import type { DetectorJSON, OutlierDetector } from './outlier-detector';

/** The mixture of `@serial-oe/gmm`; what it does not say is its maker's to say. */
export interface GaussianMixtureSpec {
  kind: 'gaussianMixture';
  /** Number of Gaussians. */
  nComponents: number;
}

/** A detector by its name and what is not its default. Plain JSON. */
export type DetectorSpec =
  | GaussianMixtureSpec
  | ({ kind: 'kNearestNeighbors' } & KNearestNeighborsOptions)
  | ({ kind: 'densityNormalizedNeighbors' } & DensityNormalizedNeighborsOptions)
  | ({ kind: 'localOutlierFactor' } & LocalOutlierFactorOptions)
  | ({ kind: 'oneClassSvm' } & OneClassSvmOptions)
  | ({ kind: 'kernelDensity' } & KernelDensityOptions)
  | ({ kind: 'mahalanobisDistance' } & MahalanobisDistanceOptions);

/**
 * Makes mixtures. Packages stand on floors, and `@serial-oe/gmm` is a neighbour: who wants the mixture imports both and
 * passes this, who wants another detector installs no mixture. It also is where a generator of random numbers comes in,
 * which a specification in JSON cannot hold.
 */
export interface MixtureMaker {
  create(spec: GaussianMixtureSpec): OutlierDetector;
  fromJSON(json: DetectorJSON): OutlierDetector;
}

/** What the kinds of other packages are made by. */
export interface DetectorMakers {
  gaussianMixture?: MixtureMaker;
}

const MAKERS: OptionNames<DetectorMakers> = { gaussianMixture: true };

interface OwnKind {
  create(options: object): OutlierDetector;
  fromJSON(json: never): OutlierDetector;
}

// Functions all, so that a bundler can drop the detectors that nobody asks for.
const OWN_KINDS: Readonly<Record<Exclude<DetectorSpec['kind'], 'gaussianMixture'>, OwnKind>> = {
  kNearestNeighbors: {
    create: (options) => new KNearestNeighbors(options),
    fromJSON: (json) => KNearestNeighbors.fromJSON(json),
  },
  densityNormalizedNeighbors: {
    create: (options) => new DensityNormalizedNeighbors(options),
    fromJSON: (json) => DensityNormalizedNeighbors.fromJSON(json),
  },
  localOutlierFactor: {
    create: (options) => new LocalOutlierFactor(options),
    fromJSON: (json) => LocalOutlierFactor.fromJSON(json),
  },
  oneClassSvm: {
    create: (options) => new OneClassSvm(options),
    fromJSON: (json) => OneClassSvm.fromJSON(json),
  },
  kernelDensity: {
    create: (options) => new KernelDensity(options),
    fromJSON: (json) => KernelDensity.fromJSON(json),
  },
  mahalanobisDistance: {
    create: (options) => new MahalanobisDistance(options),
    fromJSON: (json) => MahalanobisDistance.fromJSON(json),
  },
};

/**
 * Makes the detector of a specification.
 *
 * @param makers needed for the kind `'gaussianMixture'` alone.
 * @throws TypeError for another kind, an unknown option or a maker that is missing; RangeError for an option out of range.
 * @example
 * createDetector({ kind: 'kNearestNeighbors', nNeighbors: 3 }).fit(normal);
 */
export function createDetector(spec: DetectorSpec, makers: DetectorMakers = {}): OutlierDetector {
  const where = 'detectors.createDetector';
  checkOptions(where, makers, MAKERS);
  checkKind(`${where}: spec`, spec, 'object');
  if (spec.kind === 'gaussianMixture') return mixtureMaker(where, makers).create(spec);
  const { kind, ...options } = spec;
  return ownKind(`${where}: spec`, kind).create(options);
}

/**
 * The detector out of what its `toJSON` made, or its text. It scores bit for bit the same.
 *
 * @param makers needed for the kind `'gaussianMixture'` alone.
 * @throws TypeError or RangeError where it is no such JSON, of another version, or a field is wrong.
 */
export function detectorFromJSON(json: DetectorJSON | string, makers: DetectorMakers = {}): OutlierDetector {
  const where = 'detectors.detectorFromJSON';
  checkOptions(where, makers, MAKERS);
  const fields = readJsonObject(where, json);
  if (fields.kind === 'gaussianMixture') {
    return mixtureMaker(where, makers).fromJSON(fields as unknown as DetectorJSON);
  }
  return ownKind(`${where}: json`, fields.kind).fromJSON(fields as never);
}

function ownKind(where: string, kind: unknown): OwnKind {
  if (typeof kind === 'string' && Object.hasOwn(OWN_KINDS, kind)) {
    return OWN_KINDS[kind as keyof typeof OWN_KINDS];
  }
  const kinds = ['gaussianMixture', ...Object.keys(OWN_KINDS)];
  throw new TypeError(`${where}.kind must be one of ${kinds.map(show).join(', ')}, got ${show(kind)}.`);
}

function mixtureMaker(where: string, { gaussianMixture }: DetectorMakers): MixtureMaker {
  if (gaussianMixture !== undefined) return gaussianMixture;
  throw new TypeError(
    `${where}: gaussianMixture must be given for the kind 'gaussianMixture', got undefined. ` +
      'Pass { gaussianMixture: { create, fromJSON } } on GaussianMixture of @serial-oe/gmm.',
  );
}
