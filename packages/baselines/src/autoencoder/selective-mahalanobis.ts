import { cholesky, inverseTransposed } from '@serial-oe/foundation';
import type { WeightArray } from '@serial-oe/safetensors';
import type { FittedArrays, ObservedClip, ScoreRule, WindowOutputs } from '../network-system/network-method';

/** Added to each variance, as a share of the mean variance: values that depend on each other have no inverse otherwise. */
const RIDGE = 1e-6;

type Domain = NonNullable<ObservedClip['domain']>;

/**
 * Squared Mahalanobis distance between windows and their reconstructions, under the covariance (divided by n - 1) of the training
 * clips' errors: that of the source domain or of the target domain, whichever makes it less. Without domains there is one.
 */
export class SelectiveMahalanobis implements ScoreRule {
  readonly embeddingSize = 0;
  readonly isSameForAll = true;
  readonly #size: number;
  readonly #observed = new Map<Domain, ErrorMoments>();
  /** Upper P with P P^T the inverse of the covariance. */
  readonly #factors = new Map<string, Float64Array>();

  /** @throws RangeError for arrays of another size */
  constructor(size: number, fitted: FittedArrays | null) {
    this.#size = size;
    for (const [name, { data }] of fitted ?? []) {
      if (data.length !== size * size || !data.every(Number.isFinite))
        throw new RangeError(`${name} must hold ${size * size} finite values, got ${data.length}.`);
      this.#factors.set(name, data);
    }
    if (fitted !== null && this.#factors.size === 0)
      throw new RangeError('a covariance must be there, got none.');
  }

  observe(windows: WindowOutputs, { domain = 'source' }: ObservedClip): void {
    const moments = this.#observed.get(domain) ?? new ErrorMoments(this.#size);
    this.#observed.set(domain, moments);
    const x = windows.inputs[0]!;
    const errors = windows.outputs.map((value, i) => x[i]! - value);
    for (let i = 0; i < windows.nWindows; i++)
      moments.add(errors.subarray(i * this.#size, (i + 1) * this.#size));
  }

  /** @throws RangeError for errors of no covariance */
  finish(): string[] {
    for (const [domain, moments] of this.#observed) this.#factors.set(domain, moments.precisionFactor());
    return [];
  }

  score({ nWindows, outputs, nOutputs, inputs }: WindowOutputs): Float64Array {
    const x = inputs[0]!;
    const error = new Float64Array(nOutputs);
    return Float64Array.from({ length: nWindows }, (_, i) => {
      for (let j = 0; j < nOutputs; j++) error[j] = x[i * nOutputs + j]! - outputs[i * nOutputs + j]!;
      return Math.min(...[...this.#factors.values()].map((factor) => whitenedSquare(error, factor)));
    });
  }

  toArrays(): Map<string, WeightArray<Float64Array>> {
    const shape = [this.#size, this.#size];
    return new Map([...this.#factors].map(([domain, data]) => [domain, { shape, data }]));
  }
}

/** |P^T e|^2 */
function whitenedSquare(error: Float64Array, factor: Float64Array): number {
  const n = error.length;
  const whitened = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const value = error[i]!;
    for (let j = i; j < n; j++) whitened[j]! += value * factor[i * n + j]!;
  }
  return whitened.reduce((sum, value) => sum + value * value, 0);
}

/** Sums of errors and of their products, so that no window need be kept. */
class ErrorMoments {
  readonly #size: number;
  readonly #sums: Float64Array;
  readonly #products: Float64Array;
  #n = 0;

  constructor(size: number) {
    this.#size = size;
    this.#sums = new Float64Array(size);
    this.#products = new Float64Array(size * size);
  }

  add(error: Float32Array): void {
    const n = this.#size;
    this.#n++;
    for (let i = 0; i < n; i++) {
      const value = error[i]!;
      this.#sums[i]! += value;
      for (let j = 0; j <= i; j++) this.#products[i * n + j]! += value * error[j]!;
    }
  }

  precisionFactor(): Float64Array {
    const n = this.#size;
    const mean = this.#sums.map((sum) => sum / this.#n);
    const covariance = this.#products.map(
      (product, k) => (product - this.#n * mean[Math.floor(k / n)]! * mean[k % n]!) / (this.#n - 1),
    );
    let trace = 0;
    for (let i = 0; i < n; i++) trace += covariance[i * n + i]!;
    for (let i = 0; i < n; i++) covariance[i * n + i]! += (RIDGE * trace) / n;
    const lower = cholesky(covariance, new Float64Array(n));
    if (typeof lower === 'number')
      throw new RangeError(
        `the errors must vary in all ${n} values, got none of their own in value ${lower}.`,
      );
    return inverseTransposed(lower, n);
  }
}
