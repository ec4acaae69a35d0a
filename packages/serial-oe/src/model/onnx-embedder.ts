import {
  createOnnxExtractor,
  loadOnnxRuntime,
  type OnnxExtractor,
  type OnnxRuntime,
  OnnxRuntimeError,
  type OnnxRuntimeName,
} from '@serial-oe/onnx';
import type { Embeddings, Spectrograms } from '@serial-oe/runtime';
import { BackendError } from '@serial-oe/runtime';
import { distinctChunks } from './distinct-chunks';
import { type ChunkEmbedder, MAX_CHUNKS_A_PASS, ONNX_OPERATIONS } from './embedder';

/** Spectrograms -> embeddings, on an ONNX runtime. */
export class OnnxEmbedder implements ChunkEmbedder {
  readonly operations = ONNX_OPERATIONS;
  readonly #extractor: OnnxExtractor;

  constructor(extractor: OnnxExtractor) {
    this.#extractor = extractor;
  }

  embed(): never {
    throw new BackendError(
      'serial-oe.embed: a model on an ONNX runtime must be asked asynchronously. Call scoreAsync or embedAsync.',
    );
  }

  async embedAsync(spectrograms: Spectrograms): Promise<Embeddings> {
    const { distinct, expand } = distinctChunks(spectrograms);
    return expand(await this.#embedDistinct(distinct));
  }

  dispose(): void {
    void this.#extractor.dispose();
  }

  async #embedDistinct({ data, nChunks }: Spectrograms): Promise<Embeddings> {
    const { inputShape, embeddingSize: nCols } = this.#extractor;
    const size = inputShape[0] * inputShape[1];
    const result = { data: new Float32Array(nChunks * nCols), nRows: nChunks, nCols };
    for (let first = 0; first < nChunks; first += MAX_CHUNKS_A_PASS) {
      const n = Math.min(MAX_CHUNKS_A_PASS, nChunks - first);
      const embeddings = await this.#extractor.embed(data.subarray(first * size, (first + n) * size), n);
      result.data.set(embeddings, first * nCols);
    }
    return result;
  }
}

export interface OnnxOptions {
  runtime: OnnxRuntime;
  threads: number;
}

/** @throws BackendError where the runtime cannot start here; RangeError for threads that it cannot have */
export async function createOnnxEmbedder(
  bytes: Uint8Array,
  { runtime, threads }: OnnxOptions,
): Promise<OnnxEmbedder> {
  return new OnnxEmbedder(
    await createOnnxExtractor(bytes, { runtime, threads }).catch((error) => {
      throw asBackendError(error);
    }),
  );
}

/** @throws BackendError with the command that installs the runtime */
export async function loadOnnx(runtime: OnnxRuntimeName | OnnxRuntime): Promise<OnnxRuntime> {
  if (typeof runtime !== 'string') return runtime;
  try {
    return await loadOnnxRuntime(runtime);
  } catch (error) {
    throw asBackendError(error);
  }
}

function asBackendError(cause: unknown): unknown {
  if (!(cause instanceof OnnxRuntimeError)) return cause;
  return new BackendError(cause.message.replace(/^onnx\.\w+/, 'serial-oe.loadSerialOe'), { cause });
}
