import type { WeightArray } from '@serial-oe/safetensors';
import type { ScoreRule, WindowOutputs } from '../network-system/network-method';

/** The probability that a window is not a normal sound of the machine, from the logit that it is, behind the embedding. */
export class ProbabilityScore implements ScoreRule {
  readonly embeddingSize: number;
  readonly isSameForAll = false;
  readonly #logit: number;

  /** @param isOfOneMachine whether there is one embedding, or one a machine */
  constructor({ embeddingSize, isOfOneMachine }: { embeddingSize: number; isOfOneMachine: boolean }) {
    this.embeddingSize = isOfOneMachine ? embeddingSize : 0;
    this.#logit = embeddingSize;
  }

  score({ nWindows, outputs, nOutputs }: WindowOutputs): Float64Array {
    return Float64Array.from(
      { length: nWindows },
      (_, i) => 1 / (1 + Math.exp(outputs[i * nOutputs + this.#logit]!)),
    );
  }

  toArrays(): Map<string, WeightArray<Float64Array>> {
    return new Map();
  }
}
