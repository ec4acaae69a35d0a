import { show } from '@serial-oe/foundation';
import type { WeightArray } from '@serial-oe/safetensors';
import type { ScoreRule, WindowOutputs } from '../network-system/network-method';

export interface OwnIdScoreOptions {
  /** Directions of the classes, `[nClasses, embeddingSize]`. */
  weight: Float32Array;
  nClasses: number;
  scale: number;
  /** Radians, on the class that the sound claims to be of; 0 for none. */
  margin: number;
}

/**
 * Minus the log of the softmax at the machine's own ID. With c the cosines between an embedding and the directions of the classes,
 * and y the claimed class,
 *
 *     z_y = s psi(c_y), z_k = s c_k for the others,   psi(c) = cos(arccos(c) + m), or c - m sin(m) beyond pi
 *     score = log sum_k exp(z_k) - z_y
 *
 * which is ArcFace's loss of the claim: the margin is there when a sound is scored too.
 */
export class OwnIdScore implements ScoreRule {
  readonly embeddingSize: number;
  readonly isSameForAll = false;
  readonly #directions: Float64Array[];
  readonly #options: OwnIdScoreOptions;

  /** @throws RangeError for directions that are none */
  constructor(options: OwnIdScoreOptions) {
    const { weight, nClasses } = options;
    this.embeddingSize = weight.length / nClasses;
    if (!Number.isInteger(this.embeddingSize) || this.embeddingSize === 0)
      throw new RangeError(`the class directions must be ${nClasses} rows, got ${show(weight)}.`);
    this.#options = options;
    this.#directions = Array.from({ length: nClasses }, (_, k) =>
      unitVector(weight.subarray(k * this.embeddingSize, (k + 1) * this.embeddingSize)),
    );
  }

  score({ nWindows, outputs, nOutputs }: WindowOutputs, classIndex: number): Float64Array {
    return Float64Array.from({ length: nWindows }, (_, i) =>
      this.#ofEmbedding(outputs.subarray(i * nOutputs, i * nOutputs + this.embeddingSize), classIndex),
    );
  }

  toArrays(): Map<string, WeightArray<Float64Array>> {
    return new Map();
  }

  #ofEmbedding(embedding: Float32Array, classIndex: number): number {
    const { scale, margin } = this.#options;
    const unit = unitVector(embedding);
    const logits = this.#directions.map((direction, k) => {
      const cosine = Math.min(1, Math.max(-1, dot(unit, direction)));
      return scale * (k === classIndex ? withMargin(cosine, margin) : cosine);
    });
    const largest = Math.max(...logits);
    const sum = logits.reduce((total, logit) => total + Math.exp(logit - largest), 0);
    return Math.log(sum) + largest - logits[classIndex]!;
  }
}

function withMargin(cosine: number, margin: number): number {
  if (cosine <= Math.cos(Math.PI - margin)) return cosine - margin * Math.sin(margin);
  return cosine * Math.cos(margin) - Math.sqrt(1 - cosine * cosine) * Math.sin(margin);
}

/** The vector over its length; a zero vector stays one. */
export function unitVector(values: ArrayLike<number>): Float64Array {
  const vector = Float64Array.from(values);
  const norm = Math.sqrt(dot(vector, vector));
  return norm > 0 ? vector.map((value) => value / norm) : vector;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
