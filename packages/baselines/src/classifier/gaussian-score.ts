import { seededRandom } from '@serial-oe/foundation';
import { CollapsedComponentError, GaussianMixture } from '@serial-oe/gmm';
import type { WeightArray } from '@serial-oe/safetensors';
import type { FittedArrays, ObservedClip, ScoreRule, WindowOutputs } from '../network-system/network-method';
import { unitVector } from './own-id-score';

export interface GaussianScoreOptions {
  /** Values of an embedding. */
  embeddingSize: number;
  /** Classes that are scored. */
  watched: readonly number[];
  /**
   * Directions that the components of a class start at, `[nClasses * nComponents, embeddingSize]`, a class's in neighbouring rows;
   * null for the means of k-means.
   */
  centres: Float32Array | null;
  nComponents: number;
  /** Added to every variance. */
  regCovar: number;
  seed: number;
  fitted: FittedArrays | null;
}

/** A class's Gaussians. */
interface Component {
  mean: Float64Array;
  /** Upper P with P P^T the inverse of the covariance, `[n, n]`. */
  precisionFactor: Float64Array;
}

/**
 * A Gaussian mixture of each machine's normal embeddings over their lengths: full covariances, means that start at the class's own
 * centres. The score is minus the log-density of the nearest component, without the components' weights:
 *
 *     score = -max_k log N(x | m_k, C_k)
 */
export class GaussianScore implements ScoreRule {
  readonly embeddingSize: number;
  readonly isSameForAll = false;
  readonly #options: GaussianScoreOptions;
  readonly #observed = new Map<number, Float64Array[]>();
  readonly #classes = new Map<number, Component[]>();

  /** @throws RangeError for fitted arrays that do not fit */
  constructor(options: GaussianScoreOptions) {
    this.embeddingSize = options.embeddingSize;
    this.#options = options;
    if (options.fitted === null) return;
    for (const classIndex of options.watched)
      this.#classes.set(classIndex, this.#restored(classIndex, options.fitted));
  }

  observe({ nWindows, outputs, nOutputs }: WindowOutputs, { classIndex }: ObservedClip): void {
    const rows = this.#observed.get(classIndex) ?? [];
    this.#observed.set(classIndex, rows);
    for (let i = 0; i < nWindows; i++)
      rows.push(unitVector(outputs.subarray(i * nOutputs, i * nOutputs + this.embeddingSize)));
  }

  finish(): string[] {
    const { watched, nComponents } = this.#options;
    let fewest = nComponents;
    for (const classIndex of watched) {
      const components = this.#fit(classIndex, this.#observed.get(classIndex) ?? []);
      this.#classes.set(classIndex, components);
      fewest = Math.min(fewest, components.length);
    }
    this.#observed.clear();
    if (fewest === nComponents) return [];
    return [
      `the clips of a machine cannot carry ${nComponents} Gaussians: it gets ${fewest}. Lower score.nComponents, or add recordings`,
    ];
  }

  score({ nWindows, outputs, nOutputs }: WindowOutputs, classIndex: number): Float64Array {
    const components = this.#classes.get(classIndex)!;
    return Float64Array.from({ length: nWindows }, (_, i) => {
      const unit = unitVector(outputs.subarray(i * nOutputs, i * nOutputs + this.embeddingSize));
      return -Math.max(...components.map((component) => logDensity(unit, component)));
    });
  }

  toArrays(): Map<string, WeightArray<Float64Array>> {
    const n = this.embeddingSize;
    const arrays = new Map<string, WeightArray<Float64Array>>();
    for (const [classIndex, components] of this.#classes) {
      const [nRows, ofAll] = [
        components.length,
        (of: (component: Component) => Float64Array) => joined(components.map(of)),
      ];
      arrays.set(`means/${classIndex}`, { shape: [nRows, n], data: ofAll(({ mean }) => mean) });
      const data = ofAll(({ precisionFactor }) => precisionFactor);
      arrays.set(`precisions/${classIndex}`, { shape: [nRows, n, n], data });
    }
    return arrays;
  }

  /** With fewer components where there are too few distinct rows, or where a component loses all of its own. */
  #fit(classIndex: number, rows: readonly Float64Array[]): Component[] {
    const nDistinct = new Set(rows.map((row) => row.join())).size;
    for (let n = Math.min(this.#options.nComponents, nDistinct); ; n--) {
      try {
        return this.#fitComponents(classIndex, rows, n);
      } catch (error) {
        if (!(error instanceof CollapsedComponentError) || n <= 1) throw error;
      }
    }
  }

  #fitComponents(classIndex: number, rows: readonly Float64Array[], n: number): Component[] {
    const { regCovar, seed, centres } = this.#options;
    const mixture = new GaussianMixture({
      ...{ nComponents: n, covarianceType: 'full', regCovar, allowConstantColumns: true },
      ...(centres && { meansInit: this.#start(classIndex, rows, { centres, n }) }),
      random: seededRandom(seed, 'gaussians', classIndex),
    }).fit(rows.map((row) => Array.from(row)));
    const { means, precisionsCholesky } = mixture;
    return means.map((mean, k) => ({
      mean: Float64Array.from(mean),
      precisionFactor: Float64Array.from((precisionsCholesky as number[][][])[k]!.flat()),
    }));
  }

  /** The class's centres; of fewer, those that most rows are nearest to. */
  #start(
    classIndex: number,
    rows: readonly Float64Array[],
    { centres, n }: { centres: Float32Array; n: number },
  ): Float64Array[] {
    const { nComponents } = this.#options;
    const size = this.embeddingSize;
    const own = Array.from({ length: nComponents }, (_, k) => {
      const row = classIndex * nComponents + k;
      return unitVector(centres.subarray(row * size, (row + 1) * size));
    });
    if (n === nComponents) return own;
    const counts = new Map<Float64Array, number>(own.map((centre) => [centre, 0]));
    for (const row of rows) {
      const nearest = own.reduce((best, centre) =>
        squaredDistance(row, centre) < squaredDistance(row, best) ? centre : best,
      );
      counts.set(nearest, counts.get(nearest)! + 1);
    }
    return [...own].sort((a, b) => counts.get(b)! - counts.get(a)!).slice(0, n);
  }

  #restored(classIndex: number, fitted: FittedArrays): Component[] {
    const n = this.embeddingSize;
    const means = fitted.get(`means/${classIndex}`)?.data;
    const precisions = fitted.get(`precisions/${classIndex}`)?.data;
    const nComponents = (means?.length ?? 0) / n;
    const isFit =
      Number.isInteger(nComponents) && nComponents > 0 && precisions?.length === nComponents * n * n;
    if (means === undefined || precisions === undefined || !isFit)
      throw new RangeError(
        `the Gaussians of class ${classIndex} must hold means and precisions of ${n} values.`,
      );
    if (![means, precisions].every((values) => values.every(Number.isFinite)))
      throw new RangeError(`the Gaussians of class ${classIndex} must hold finite values.`);
    return Array.from({ length: nComponents }, (_, k) => ({
      mean: means.slice(k * n, (k + 1) * n),
      precisionFactor: precisions.slice(k * n * n, (k + 1) * n * n),
    }));
  }
}

/** log N(x | m, (P P^T)^-1) = log det P - n/2 log 2 pi - |P^T (x - m)|^2 / 2 */
function logDensity(x: Float64Array, { mean, precisionFactor }: Component): number {
  const n = x.length;
  const whitened = new Float64Array(n);
  let logDeterminant = 0;
  for (let i = 0; i < n; i++) {
    const deviation = x[i]! - mean[i]!;
    logDeterminant += Math.log(precisionFactor[i * n + i]!);
    for (let j = i; j < n; j++) whitened[j]! += deviation * precisionFactor[i * n + j]!;
  }
  const square = whitened.reduce((sum, value) => sum + value * value, 0);
  return logDeterminant - (n * Math.log(2 * Math.PI)) / 2 - square / 2;
}

function squaredDistance(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
