import { type Extractor, type FusedExtractor, fuseForInference } from '@serial-oe/efficientnet-extractor';
import type { Embeddings, Spectrograms } from '@serial-oe/runtime';
import { type Tensor2D, type Tensor4D, tensor } from '@tensorflow/tfjs-core';
import { distinctChunks } from './distinct-chunks';

/** Chunks a forward pass: enough to keep a core busy, few enough for a small machine's memory. */
export const MAX_CHUNKS_A_PASS = 16;

/** Spectrograms -> embeddings. */
export interface ChunkEmbedder {
  /** What computes: names of operations on tfjs, `tfjs`, or {@link ONNX_OPERATIONS}. */
  readonly operations: string;
  /**
   * Synchronous.
   * @throws BackendError on an ONNX runtime, which can only be asked asynchronously
   */
  embed(spectrograms: Spectrograms): Embeddings;
  embedAsync(spectrograms: Spectrograms): Promise<Embeddings>;
  dispose(): void;
}

/** `operations` of a model on an ONNX runtime. */
export const ONNX_OPERATIONS = 'onnx';

/** Spectrograms -> embeddings on tfjs, by the extractor with its BatchNorms folded, on the kernels of its operations. */
export class Embedder implements ChunkEmbedder {
  readonly #fused: FusedExtractor;
  readonly #inputShape: readonly [number, number];
  readonly #embeddingSize: number;

  /** The extractor's weights are copied; it can be disposed. */
  constructor(extractor: Extractor) {
    this.#fused = fuseForInference(extractor);
    this.#inputShape = extractor.config.inputShape;
    this.#embeddingSize = extractor.config.embeddingSize;
  }

  /** What computes: the operations' name where they have kernels for inference, else `tfjs`. */
  get operations(): string {
    return this.#fused.operations;
  }

  /** Synchronous; not on backends that can only be read asynchronously (WebGPU). */
  embed(spectrograms: Spectrograms): Embeddings {
    const { distinct, expand } = distinctChunks(spectrograms);
    const result = this.#empty(distinct);
    for (const { first, x } of this.#batches(distinct)) {
      const embedding = this.#forward(x);
      result.data.set(embedding.dataSync(), first * this.#embeddingSize);
      embedding.dispose();
    }
    return expand(result);
  }

  /** As {@link embed}, on any backend. */
  async embedAsync(spectrograms: Spectrograms): Promise<Embeddings> {
    const { distinct, expand } = distinctChunks(spectrograms);
    const result = this.#empty(distinct);
    for (const { first, x } of this.#batches(distinct)) {
      const embedding = this.#forward(x);
      result.data.set(await embedding.data(), first * this.#embeddingSize);
      embedding.dispose();
    }
    return expand(result);
  }

  dispose(): void {
    this.#fused.dispose();
  }

  /** Disposes the input, also where the memory does not suffice for the pass. */
  #forward(x: Tensor4D): Tensor2D {
    try {
      return this.#fused.embed(x);
    } finally {
      x.dispose();
    }
  }

  #empty({ nChunks }: Spectrograms): Embeddings {
    const nCols = this.#embeddingSize;
    return { data: new Float32Array(nChunks * nCols), nRows: nChunks, nCols };
  }

  *#batches({ data, nChunks }: Spectrograms): Generator<{ first: number; x: Tensor4D }> {
    const [nRows, nFrames] = this.#inputShape;
    const size = nRows * nFrames;
    for (let first = 0; first < nChunks; first += MAX_CHUNKS_A_PASS) {
      const n = Math.min(MAX_CHUNKS_A_PASS, nChunks - first);
      const values = data.slice(first * size, (first + n) * size);
      yield { first, x: tensor(values, [n, nRows, nFrames, 1], 'float32') as Tensor4D };
    }
  }
}
