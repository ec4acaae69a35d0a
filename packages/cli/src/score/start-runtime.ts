import type { BackendName } from '@serial-oe/runtime/node';
import type { LoadSerialOeOptions } from '@serial-oe/serial-oe';
import { UsageError } from '../command/usage-error';

/** Names of `--runtime`, with the package that each needs. */
const RUNTIMES = { tfjs: null, onnx: 'onnxruntime-node', 'onnx-web': 'onnxruntime-web' } as const;

/** The flags that say what computes. */
export interface RuntimeFlags {
  readonly runtime: keyof typeof RUNTIMES | undefined;
  readonly backend: BackendName | undefined;
  readonly threads: number | undefined;
  readonly weights: 'float32' | 'float16' | undefined;
  readonly workers: number | undefined;
}

/**
 * Starts what the flags ask for, before anything is read; what a model is to be loaded with.
 * @throws UsageError where they do not go together; BackendError saying what to install
 */
export async function startRuntime(flags: RuntimeFlags): Promise<LoadSerialOeOptions> {
  const { backend, threads, weights } = flags;
  const name = RUNTIMES[flags.runtime ?? 'tfjs'];
  if (name === null) {
    if (threads !== undefined)
      throw new UsageError('--threads goes with --runtime onnx; with tfjs use --workers.');
    if (weights !== undefined) throw new UsageError('--weights goes with --runtime onnx.');
    const { startBackend } = await import('@serial-oe/runtime/node');
    await startBackend(backend ?? 'wasm');
    return {};
  }
  if (backend !== undefined) throw new UsageError('--backend goes with --runtime tfjs.');
  if ((flags.workers ?? 1) > 1)
    throw new UsageError('--workers above 1 goes with --runtime tfjs; use --threads.');
  const { loadOnnxRuntime } = await import('@serial-oe/onnx');
  return { runtime: await loadOnnxRuntime(name), threads, weights };
}
