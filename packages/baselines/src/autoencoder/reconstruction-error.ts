import type { WeightArray } from '@serial-oe/safetensors';
import type { ScoreRule, WindowOutputs } from '../network-system/network-method';

/** Mean squared error of each window's reconstruction. */
export class ReconstructionError implements ScoreRule {
  readonly embeddingSize = 0;
  readonly isSameForAll = true;

  score({ nWindows, outputs, nOutputs, inputs }: WindowOutputs): Float64Array {
    const x = inputs[0]!;
    return Float64Array.from({ length: nWindows }, (_, i) => {
      let sum = 0;
      for (let j = i * nOutputs; j < (i + 1) * nOutputs; j++) sum += (outputs[j]! - x[j]!) ** 2;
      return sum / nOutputs;
    });
  }

  toArrays(): Map<string, WeightArray<Float64Array>> {
    return new Map();
  }
}
