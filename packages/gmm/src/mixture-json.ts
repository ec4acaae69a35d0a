import { COUNT, checkKind, checkNumber, flatten, POSITIVE_COUNT, readJson } from '@serial-oe/foundation';
import { type CheckedOptions, checkMixtureOptions, type InitParams } from './options';
import {
  type CovarianceArray,
  type CovarianceType,
  covarianceShape,
  type MixtureParameters,
} from './parameters';
import { checkWeights } from './start-parameters';

/** `kind` of the JSON. */
export const JSON_KIND = 'gaussianMixture';
/** `version` of the JSON; raised where its layout changes. */
export const JSON_VERSION = 1;

/** A fitted mixture as plain JSON data: options, results and parameters in the shapes of scikit-learn. */
export interface GaussianMixtureJSON<T extends CovarianceType = CovarianceType> {
  kind: typeof JSON_KIND;
  version: typeof JSON_VERSION;
  covarianceType: T;
  nComponents: number;
  nFeatures: number;
  regCovar: number;
  tol: number;
  maxIter: number;
  nInit: number;
  initParams: InitParams;
  warmStart: boolean;
  allowConstantColumns: boolean;
  converged: boolean;
  nIter: number;
  /** Lower bound of each iteration; empty after a fit with maxIter 0. */
  lowerBounds: number[];
  weights: number[];
  means: number[][];
  covariances: CovarianceArray<T>;
  precisionsCholesky: CovarianceArray<T>;
}

/** What a fit leaves behind. */
export interface FittedState {
  readonly parameters: MixtureParameters;
  readonly converged: boolean;
  readonly nIter: number;
  readonly lowerBounds: readonly number[];
}

const WHERE = 'gmm.GaussianMixture.fromJSON';

/**
 * Checks the JSON of a mixture, as an object or as text.
 *
 * @throws TypeError where it is no such JSON or a field has another kind; RangeError for another version, a value out
 *   of range or an array of another shape.
 */
export function parseMixtureJson(source: unknown): {
  options: CheckedOptions<CovarianceType>;
  state: FittedState;
} {
  const json = readJson(WHERE, source, { kind: JSON_KIND, version: JSON_VERSION });
  for (const field of OPTION_FIELDS) {
    if (json[field] === undefined)
      throw new TypeError(`${WHERE}: json.${field} must be given, got undefined.`);
  }
  const given = Object.fromEntries(OPTION_FIELDS.map((field) => [field, json[field]]));
  const options = checkMixtureOptions<CovarianceType>(WHERE, given);
  const { covarianceType, nComponents } = options;
  const nFeatures = checkNumber(`${WHERE}: json.nFeatures`, json.nFeatures, POSITIVE_COUNT);
  const sizes = { covarianceType, nComponents, nFeatures };
  return { options, state: { ...readRun(json), parameters: readParameters(json, sizes) } };
}

const OPTION_FIELDS = [
  ...(['covarianceType', 'nComponents', 'regCovar', 'tol', 'maxIter', 'nInit', 'initParams'] as const),
  ...(['warmStart', 'allowConstantColumns'] as const),
];

function readRun(json: Record<string, unknown>): Omit<FittedState, 'parameters'> {
  const converged = checkKind(`${WHERE}: json.converged`, json.converged, 'boolean');
  const nIter = checkNumber(`${WHERE}: json.nIter`, json.nIter, COUNT);
  const bounds = flatten(`${WHERE}: json.lowerBounds`, json.lowerBounds, [nIter]);
  return { converged, nIter, lowerBounds: Array.from(bounds) };
}

function readParameters(
  json: Record<string, unknown>,
  sizes: Pick<MixtureParameters, 'covarianceType' | 'nComponents' | 'nFeatures'>,
): MixtureParameters {
  const read = (field: string, shape: number[]) => flatten(`${WHERE}: json.${field}`, json[field], shape);
  const shape = covarianceShape(sizes);
  const weights = read('weights', [sizes.nComponents]);
  checkWeights(`${WHERE}: json.weights`, weights);
  const means = read('means', [sizes.nComponents, sizes.nFeatures]);
  const covariances = read('covariances', shape);
  const precisionsCholesky = read('precisionsCholesky', shape);
  checkPositive('covariances', covariances, sizes);
  checkPositive('precisionsCholesky', precisionsCholesky, sizes);
  return { ...sizes, weights, means, covariances, precisionsCholesky };
}

/** Variances and the factors' diagonals are positive. */
function checkPositive(
  field: string,
  values: Float64Array,
  { covarianceType, nFeatures }: Pick<MixtureParameters, 'covarianceType' | 'nFeatures'>,
): void {
  const isMatrix = covarianceType === 'full' || covarianceType === 'tied';
  for (let i = 0; i < values.length; i++) {
    const isDiagonal = !isMatrix || (i % (nFeatures * nFeatures)) % (nFeatures + 1) === 0;
    if (isDiagonal && !(values[i]! > 0)) {
      throw new RangeError(`${WHERE}: json.${field} must be positive on the diagonal, got ${values[i]}.`);
    }
  }
}
