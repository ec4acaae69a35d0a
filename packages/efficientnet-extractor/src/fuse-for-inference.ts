import {
  add,
  matMul,
  maximum,
  minimum,
  mul,
  type Tensor2D,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core';
import { checkInput } from './check-input';
import type { Extractor } from './extractor';
import type { ExtractorOps, PreparedNetwork } from './extractor-ops';
import { type FoldedNeck, foldNeck, foldNetwork } from './fold-network';
import { prepareTfInference } from './tf-ops/prepare-inference';
import type { VariableStore } from './variable-store';

/** An extractor for inference alone; holds folded copies of the weights. */
export interface FusedExtractor {
  /** Names what it runs on: the extractor's operations where they bring kernels for inference, else `tfjs`. */
  readonly operations: string;
  /** Embeddings `[batch, embeddingSize]`, those of the extractor's `embed` to 1e-4. */
  embed(x: Tensor4D): Tensor2D;
  dispose(): void;
}

/**
 * Folds each BatchNorm into the convolution before it, and joins convolutions with what follows them: by the kernels for
 * inference that the extractor's operations bring (`ExtractorOps.prepareInference`; `createWasmOps` of
 * `@serial-oe/wasm-kernels` does), else by tfjs's fused convolutions. The weights are those of this moment; training
 * the extractor on does not change the result.
 *
 * @example
 * const fused = fuseForInference(extractor);
 * const embedding = fused.embed(x);
 * fused.dispose();
 */
export function fuseForInference(extractor: Extractor): FusedExtractor {
  const { config, ops, store } = extractor;
  const network = prepare(ops, store);
  const neck = foldNeckBeside(network, store);
  let isDisposed = false;
  return {
    operations: ops.prepareInference ? ops.name : 'tfjs',
    embed(x) {
      if (isDisposed) {
        throw new Error(
          'efficientnet-extractor.embed: the fused extractor must not be disposed. Fuse again.',
        );
      }
      checkInput('embed', x, { inputShape: config.inputShape, minBatch: 1 });
      return tidy(() => foldedNeck(network.features(x), neck.weights));
    },
    dispose() {
      if (isDisposed) return;
      isDisposed = true;
      network.dispose();
      neck.dispose();
    },
  };
}

/** Where the memory does not suffice for the rest, nothing of the network stays in it. */
function foldNeckBeside(network: PreparedNetwork, store: VariableStore): ReturnType<typeof foldNeck> {
  try {
    return foldNeck(store);
  } catch (error) {
    network.dispose();
    throw error;
  }
}

function prepare(ops: ExtractorOps, store: VariableStore): PreparedNetwork {
  const { weights, dispose } = foldNetwork(store);
  if (!ops.prepareInference) return prepareTfInference(weights, dispose);
  try {
    return ops.prepareInference(weights);
  } finally {
    dispose();
  }
}

function foldedNeck(
  features: Tensor2D,
  { kernel1, bias1, preluWeight, kernel2, bias2 }: FoldedNeck,
): Tensor2D {
  const hidden = add(matMul(features, kernel1), bias1);
  const activated = add(maximum(hidden, 0), mul(minimum(hidden, 0), preluWeight));
  return add(matMul(activated as Tensor2D, kernel2), bias2);
}
