import type { WeightArray } from '@serial-oe/safetensors';
import type { ScoreRule, WindowOutputs } from '../network-system/network-method';

/**
 * log((1 - p) / p) of each image, p the softmax of a class: of the logits x, log sum_{k != y} exp(x_k) - x_y.
 */
export class OddsScore implements ScoreRule {
  readonly embeddingSize = 0;
  readonly isSameForAll = false;
  readonly #classesPerMachine: number;

  /** @param classesPerMachine neighbouring classes of one machine, of which the first is its unchanged sound */
  constructor(classesPerMachine: number) {
    this.#classesPerMachine = classesPerMachine;
  }

  score({ nWindows, outputs, nOutputs }: WindowOutputs, classIndex: number): Float64Array {
    const own = classIndex * this.#classesPerMachine;
    return Float64Array.from({ length: nWindows }, (_, i) => {
      const logits = outputs.subarray(i * nOutputs, (i + 1) * nOutputs);
      const others = Array.from(logits).filter((_logit, k) => k !== own);
      const largest = Math.max(...others);
      const sum = others.reduce((total, logit) => total + Math.exp(logit - largest), 0);
      return Math.log(sum) + largest - logits[own]!;
    });
  }

  toArrays(): Map<string, WeightArray<Float64Array>> {
    return new Map();
  }
}
