import { loadOnnxRuntime, type OnnxRuntimeName } from '@serial-oe/onnx';
import { BACKEND_NAMES, startBackend } from '@serial-oe/runtime/node';
import type { LoadSerialOeOptions } from '@serial-oe/serial-oe';
import type { Arguments } from './arguments';

/** Names of `--runtime`, with the package that each needs. */
const RUNTIMES = {
  tfjs: null,
  onnx: 'onnxruntime-node',
  'onnx-web': 'onnxruntime-web',
} as const satisfies Record<string, OnnxRuntimeName | null>;
const RUNTIME_NAMES = Object.keys(RUNTIMES) as (keyof typeof RUNTIMES)[];

/** Names of `--weights`, where it says how an ONNX file holds them. */
export const WEIGHT_TYPES = ['float32', 'float16'] as const;

/**
 * Starts what `--runtime`, `--backend`, `--threads` and `--weights` ask for, before anything is read; what a model is to be
 * loaded with.
 */
export async function startRuntime(args: Arguments): Promise<LoadSerialOeOptions> {
  const name = RUNTIMES[args.oneOf('runtime', RUNTIME_NAMES) ?? 'tfjs'];
  const backend = args.oneOf('backend', BACKEND_NAMES);
  const threads = args.integer('threads', 1);
  const weights = args.oneOf('weights', WEIGHT_TYPES);
  if (name === null) {
    if (threads !== undefined)
      throw args.usage('--threads goes with --runtime onnx; with tfjs use --workers.');
    if (weights !== undefined) throw args.usage('--weights goes with --runtime onnx.');
    await startBackend(backend ?? 'wasm');
    return {};
  }
  if (backend !== undefined) throw args.usage('--backend goes with --runtime tfjs.');
  if ((args.integer('workers', 0) ?? 1) > 1)
    throw args.usage('--workers above 1 goes with --runtime tfjs; use --threads.');
  return { runtime: await loadOnnxRuntime(name), threads, weights };
}
