import type { ExtractorOps } from '@serial-oe/efficientnet-extractor';
import { checkOptions, checkThreadCount, type OptionNames } from '@serial-oe/foundation';
import type { OnnxRuntime, OnnxRuntimeName, OnnxWeightType } from '@serial-oe/onnx';
import { fastestOps, useBackend } from '@serial-oe/runtime';
import type { ModelSource } from '@serial-oe/runtime/contract';
import type { Platform } from '../platform';
import { readBundle } from './bundle-files';
import { loadOnnx } from './onnx-embedder';
import { fromBundleFiles } from './read-bundle';
import type { SerialOeModel } from './serial-oe-model';

/** How a model is loaded. */
export interface LoadSerialOeOptions {
  /**
   * 'tfjs' (default): the active tfjs backend. Or an ONNX runtime that is installed, by its package's name or as the imported
   * module: such a model is asked by `scoreAsync` and `embedAsync`, and needs no backend.
   */
  runtime?: 'tfjs' | OnnxRuntimeName | OnnxRuntime | undefined;
  /** Threads of the ONNX runtime, default 1. */
  threads?: number | undefined;
  /** Weights that the ONNX runtime is given, default 'float32'; 'float16' shows what a file with such weights does. */
  weights?: OnnxWeightType | undefined;
  /**
   * Told where scoring will be slow, for lack of WebAssembly SIMD. Default: nobody; `model.operations` says it too
   * (`tfjs` on the WASM backend).
   */
  onWarning?: ((message: string) => void) | undefined;
  /**
   * Implementation of the extractor's operations on tfjs. Default: `createWasmOps` of @serial-oe/wasm-kernels on the WASM
   * backend; pure tfjs elsewhere, and where WebAssembly has no SIMD.
   */
  ops?: ExtractorOps | undefined;
  /** Ends a download; what is thrown is its reason. */
  signal?: AbortSignal | undefined;
}

const OPTIONS: OptionNames<LoadSerialOeOptions> = {
  runtime: true,
  threads: true,
  weights: true,
  onWarning: true,
  ops: true,
  signal: true,
};

/** `loadSerialOe` on a platform. */
export async function loadSerialOeWith(
  platform: Platform,
  source: string | Uint8Array | ArrayBuffer | ModelSource,
  options: LoadSerialOeOptions = {},
): Promise<SerialOeModel> {
  checkOptions('serial-oe.loadSerialOe', options, OPTIONS);
  const onnx = await onnxOptions(options); // this and the next before anything is read
  const ops = onnx === undefined ? await tfjsOps(options) : undefined;
  const { files, name } = await readBundle(source, platform, options.signal);
  return fromBundleFiles(files, { name, platform, ops, onnx });
}

async function tfjsOps({ ops, onWarning = () => {} }: LoadSerialOeOptions) {
  await useBackend(undefined, { caller: 'loadSerialOe' }); // may still be starting
  return ops ?? fastestOps('scoring', onWarning);
}

/** Undefined for tfjs. */
async function onnxOptions({ runtime = 'tfjs', threads, weights, ops }: LoadSerialOeOptions) {
  const where = 'serial-oe.loadSerialOe';
  if (runtime === 'tfjs') {
    if (threads === undefined && weights === undefined) return undefined;
    throw new RangeError(
      `${where}: threads and weights must go with an ONNX runtime, got ${threads} and ${weights} with tfjs.`,
    );
  }
  if (ops !== undefined)
    throw new RangeError(`${where}: ops must go with the runtime tfjs, got ${ops.name}.`);
  const nThreads = checkThreadCount(`${where}: threads`, threads ?? 1);
  return { runtime: await loadOnnx(runtime), threads: nThreads, weights };
}
