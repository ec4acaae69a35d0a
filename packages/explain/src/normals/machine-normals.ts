import { quantile } from '@serial-oe/foundation';
import type { NormalLevel } from './normal-level';

/** A normal clip whose sound is kept. */
export interface KeptClip {
  name: string;
  /** At the scorer's rate. */
  waveform: Float32Array;
}

/** What an index keeps of one machine. */
export interface MachineNormals {
  /** `[nClips]` */
  names: readonly string[];
  /** `[nClips, nDimensions]` row-major. */
  embeddings: Float32Array;
  level: NormalLevel;
  /** At least one. */
  kept: readonly KeptClip[];
}

/** A normal clip, and how far it is. */
export interface NearestNormal {
  /** The clip's path. */
  name: string;
  /** 1 is how far a normal clip of the machine usually is from its nearest other one. */
  distance: number;
}

/** Of the mean deviation of all dimensions, the least that one is divided by: dimensions that hardly move are mere noise. */
const MIN_RELATIVE_DEVIATION = 1;

/** Distances between embeddings of one machine: Euclid's, each dimension in its standard deviations over the normal clips, or the mean of all dimensions' where that is more. */
export class NormalDistances {
  readonly #normals: MachineNormals;
  readonly #nDimensions: number;
  readonly #scales: Float64Array;
  #unit: number | undefined; // of n^2 distances: not before it is asked for

  constructor(normals: MachineNormals) {
    this.#normals = normals;
    this.#nDimensions = normals.embeddings.length / normals.names.length;
    this.#scales = scalesOf(normals.embeddings, this.#nDimensions);
  }

  get nDimensions(): number {
    return this.#nDimensions;
  }

  /** All clips, the nearest first. */
  rank(embedding: Float32Array): NearestNormal[] {
    this.#unit ??= this.#typicalDistance();
    const unit = this.#unit;
    return this.#normals.names
      .map((name, i) => ({ name, distance: this.distance(embedding, this.embeddingOf(i)) / unit }))
      .sort((a, b) => a.distance - b.distance);
  }

  embeddingOf(i: number): Float32Array {
    return this.#normals.embeddings.subarray(i * this.#nDimensions, (i + 1) * this.#nDimensions);
  }

  distance(a: Float32Array, b: Float32Array): number {
    let sum = 0;
    for (let j = 0; j < a.length; j++) sum += ((a[j]! - b[j]!) / this.#scales[j]!) ** 2;
    return Math.sqrt(sum);
  }

  /** Median distance of a normal clip from its nearest other one; 1 where there is no other, or all are equal. */
  #typicalDistance(): number {
    const n = this.#normals.names.length;
    const nearest = Array.from({ length: n }, (_, i) => {
      let least = Infinity;
      for (let j = 0; j < n; j++) {
        if (j !== i) least = Math.min(least, this.distance(this.embeddingOf(i), this.embeddingOf(j)));
      }
      return least;
    });
    const median = n < 2 ? 0 : quantile(Float64Array.from(nearest).sort(), 0.5);
    return median > 0 ? median : 1;
  }
}

/** `[nDimensions]`: population deviations over the rows, none below their mean; 1 where nothing moves. */
function scalesOf(embeddings: Float32Array, nDimensions: number): Float64Array {
  const n = embeddings.length / nDimensions;
  const deviations = Float64Array.from({ length: nDimensions }, (_, j) => {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += embeddings[i * nDimensions + j]! / n;
    let variance = 0;
    for (let i = 0; i < n; i++) variance += (embeddings[i * nDimensions + j]! - mean) ** 2 / n;
    return Math.sqrt(variance);
  });
  const least = (MIN_RELATIVE_DEVIATION * deviations.reduce((sum, x) => sum + x, 0)) / nDimensions;
  return deviations.map((deviation) => Math.max(deviation, least) || 1);
}

/**
 * The clips to keep the sound of: first the one that is nearest to all others in sum, then always the one that brings all others
 * nearest to a kept one.
 * @see the BUILD step of PAM, Kaufman and Rousseeuw, "Finding Groups in Data", 1990, chapter 2.
 * @returns indices, at most `nKept`
 */
export function chooseTypical(distances: NormalDistances, nClips: number, nKept: number): number[] {
  const nearest = new Float64Array(nClips).fill(Infinity);
  const chosen: number[] = [];
  const distanceOf = (i: number, j: number) =>
    distances.distance(distances.embeddingOf(i), distances.embeddingOf(j));
  while (chosen.length < Math.min(nKept, nClips)) {
    let [best, least] = [-1, Infinity];
    for (let i = 0; i < nClips; i++) {
      if (chosen.includes(i)) continue;
      let sum = 0;
      for (let j = 0; j < nClips; j++) sum += Math.min(nearest[j]!, distanceOf(i, j));
      if (sum < least) [best, least] = [i, sum];
    }
    chosen.push(best);
    for (let j = 0; j < nClips; j++) nearest[j] = Math.min(nearest[j]!, distanceOf(best, j));
  }
  return chosen;
}
