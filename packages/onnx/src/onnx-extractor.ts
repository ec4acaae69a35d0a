import {
  checkKind,
  checkNumber,
  checkOptions,
  type OptionNames,
  POSITIVE_COUNT,
  show,
} from '@serial-oe/foundation';
import { INPUT_NAME, OUTPUT_NAME } from './export-onnx';
import {
  loadOnnxRuntime,
  type OnnxRuntime,
  OnnxRuntimeError,
  type OnnxSession,
  type OnnxValueMetadata,
} from './runtime';
import type { OnnxRuntimeName } from './runtime-names';

export interface OnnxExtractorOptions {
  /** A runtime's package by name, to be imported, or the imported module. */
  runtime: OnnxRuntimeName | OnnxRuntime;
  /** Threads that compute, default 1. onnxruntime-web has one pool for all sessions: the first session decides. */
  threads?: number;
}

const OPTIONS: OptionNames<OnnxExtractorOptions> = { runtime: true, threads: true };

/** Runs an exported extractor. Made by {@link createOnnxExtractor}. */
export class OnnxExtractor {
  /** `[nMels, nFrames]` of the spectrograms. */
  readonly inputShape: readonly [number, number];
  readonly embeddingSize: number;
  readonly #session: OnnxSession;
  readonly #runtime: OnnxRuntime;
  readonly #running = new Set<Promise<unknown>>();
  #isDisposed = false;

  constructor(session: OnnxSession, runtime: OnnxRuntime) {
    this.#session = session;
    this.#runtime = runtime;
    const { inputShape, embeddingSize } = shapesOf(session);
    this.inputShape = inputShape;
    this.embeddingSize = embeddingSize;
  }

  /**
   * @param features spectrograms `[batch, nMels, nFrames]`, row-major
   * @param batch their number, at least 1
   * @returns embeddings `[batch, embeddingSize]`, row-major
   * @throws TypeError or RangeError for features that do not fit or are not finite; Error once disposed
   */
  async embed(features: Float32Array, batch: number): Promise<Float32Array> {
    if (this.#isDisposed) {
      throw new Error('onnx.embed: the extractor must not be disposed. Create a new one.');
    }
    const dims = [batch, 1, ...this.inputShape];
    checkFeatures(features, batch, dims);
    const input = new this.#runtime.Tensor('float32', features, dims);
    const run = this.#session.run({ [INPUT_NAME]: input });
    this.#running.add(run);
    try {
      return (await run)[OUTPUT_NAME]!.data as Float32Array;
    } finally {
      this.#running.delete(run);
    }
  }

  /** Frees the session, once what runs has ended; the extractor is of no use afterwards. */
  async dispose(): Promise<void> {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    await Promise.allSettled(this.#running);
    await this.#session.release();
  }
}

/**
 * Loads a file of {@link exportOnnx} into a runtime.
 *
 * @param bytes of the file
 * @throws OnnxRuntimeError for a runtime that is not installed, before anything else; TypeError or RangeError for bytes that
 *   are no such file, and for other threads than onnxruntime-web has started with
 * @example
 * const onnx = await createOnnxExtractor(bytes, { runtime: 'onnxruntime-node' });
 * const embeddings = await onnx.embed(spectrograms, 10);
 * await onnx.dispose();
 */
export async function createOnnxExtractor(
  bytes: Uint8Array,
  options: OnnxExtractorOptions,
): Promise<OnnxExtractor> {
  checkOptions('onnx.createOnnxExtractor', options, OPTIONS);
  const { runtime, threads = 1 } = options;
  if (typeof runtime !== 'string') checkKind('onnx.createOnnxExtractor: runtime', runtime, 'object');
  const loaded = typeof runtime === 'string' ? await loadOnnxRuntime(runtime) : runtime;
  checkThreads(loaded, threads);
  const session = await createSession(loaded, bytes, threads);
  try {
    return new OnnxExtractor(session, loaded);
  } catch (error) {
    await session.release();
    throw error;
  }
}

async function createSession(runtime: OnnxRuntime, bytes: Uint8Array, threads: number): Promise<OnnxSession> {
  const where = 'onnx.createOnnxExtractor: bytes';
  if (!ArrayBuffer.isView(bytes)) {
    throw new TypeError(`${where} must be a Uint8Array, got ${show(bytes)}.`);
  }
  try {
    return await runtime.InferenceSession.create(bytes, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
    });
  } catch (cause) {
    const { message } = cause as Error;
    if (message.startsWith('no available backend found')) {
      throw new OnnxRuntimeError(`onnx.createOnnxExtractor: the runtime cannot start here: ${message}`, {
        cause,
      });
    }
    throw new RangeError(
      `${where} must be an ONNX file, got ${bytes.length} bytes that the runtime refuses: ${message}`,
      { cause },
    );
  }
}

/** onnxruntime-web starts its threads with its first session and takes no other number afterwards, without a word. */
function checkThreads({ env }: OnnxRuntime, threads: number): void {
  checkNumber('onnx.createOnnxExtractor: threads', threads, POSITIVE_COUNT);
  if (env.versions.web === undefined) return;
  const { numThreads } = env.wasm;
  if (numThreads && numThreads !== threads) {
    throw new RangeError(
      `onnx.createOnnxExtractor: threads must be ${numThreads}, which onnxruntime-web has been set to, got ${threads}. ` +
        'Its first session decides for all.',
    );
  }
  env.wasm.numThreads = threads;
}

function shapesOf({ inputMetadata, outputMetadata }: OnnxSession): {
  inputShape: readonly [number, number];
  embeddingSize: number;
} {
  const [, nChannels, nMels, nFrames] = shapeOf(inputMetadata, INPUT_NAME);
  const [, embeddingSize] = shapeOf(outputMetadata, OUTPUT_NAME);
  const lengths = [nMels, nFrames, embeddingSize];
  if (nChannels !== 1 || !lengths.every(Number.isInteger)) {
    const describe = (values: readonly OnnxValueMetadata[]) =>
      values.map(({ name, shape = [] }) => `${name} [${shape.join(', ')}]`).join(', ');
    throw new RangeError(
      `onnx.createOnnxExtractor: bytes must be a file of exportOnnx, ${INPUT_NAME} [batch, 1, nMels, nFrames] -> ` +
        `${OUTPUT_NAME} [batch, size], got ${describe(inputMetadata)} -> ${describe(outputMetadata)}.`,
    );
  }
  const [height, width, size] = lengths as [number, number, number];
  return { inputShape: [height, width], embeddingSize: size };
}

function shapeOf(values: readonly OnnxValueMetadata[], name: string): readonly (number | string)[] {
  return values.find((value) => value.name === name)?.shape ?? [];
}

function checkFeatures(features: Float32Array, batch: number, dims: readonly number[]): void {
  if (!(features instanceof Float32Array)) {
    throw new TypeError(`onnx.embed: features must be a Float32Array, got ${show(features)}.`);
  }
  checkNumber('onnx.embed: batch', batch, POSITIVE_COUNT);
  const size = dims.reduce((product, length) => product * length, 1);
  if (features.length !== size) {
    const [, , nMels, nFrames] = dims;
    throw new RangeError(
      `onnx.embed: features must hold ${batch} spectrograms of ${nMels} x ${nFrames}, ${size} values, got ${features.length}.`,
    );
  }
  const index = features.findIndex((value) => value - value !== 0); // NaN and the infinities
  if (index >= 0) {
    throw new RangeError(
      `onnx.embed: features must be finite, got ${features[index]} at index ${index}. Check the recording.`,
    );
  }
}
