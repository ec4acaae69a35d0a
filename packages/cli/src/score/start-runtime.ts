import type { BackendName } from '@serial-oe/runtime/node';
import type { LoadSerialOeOptions } from '@serial-oe/serial-oe';
import { UsageError } from '../command/usage-error';

/** Names of `--runtime`, with the package that each needs. */
const RUNTIMES = { tfjs: null, onnx: 'onnxruntime-node', 'onnx-web': 'onnxruntime-web' } as const;

/** The flags that say what computes a network. */
export interface RuntimeFlags {
  readonly runtime?: keyof typeof RUNTIMES | undefined;
  readonly backend?: BackendName | undefined;
  readonly threads?: number | undefined;
  readonly weights?: 'float32' | 'float16' | undefined;
  readonly workers?: number | undefined;
}

/** What a network is loaded with. */
export interface Runtime {
  options: Pick<LoadSerialOeOptions, 'runtime' | 'threads' | 'weights'>;
  /** Name of the tfjs backend; null on an ONNX runtime. */
  backend: BackendName | null;
}

/** Whether the flags ask for something that may not be installed. */
export function namesWhatComputes({ runtime = 'tfjs', backend }: RuntimeFlags): boolean {
  return RUNTIMES[runtime] !== null || backend !== undefined;
}

/** @throws UsageError where the flags do not go together */
export function checkRuntimeFlags(flags: RuntimeFlags): void {
  const { runtime = 'tfjs', backend, threads, weights, workers = 1 } = flags;
  if (RUNTIMES[runtime] === null) {
    if (threads !== undefined)
      throw new UsageError('--threads goes with --runtime onnx; with tfjs use --workers.');
    if (weights !== undefined) throw new UsageError('--weights goes with --runtime onnx.');
    return;
  }
  if (backend !== undefined) throw new UsageError('--backend goes with --runtime tfjs.');
  if (workers > 1) throw new UsageError('--workers above 1 goes with --runtime tfjs; use --threads.');
}

/** @throws UsageError for a flag that says how a network runs, which the model has not */
export function refuseNetworkFlags(flags: RuntimeFlags, model: string): void {
  const { runtime, backend, threads, weights, workers } = flags;
  const given = Object.entries({ runtime, backend, threads, weights, workers }).find(([name, value]) =>
    name === 'workers' ? Number(value) > 1 : value !== undefined,
  );
  if (given === undefined) return;
  throw new UsageError(`--${given[0]} says how a network runs, but ${model} has none. Leave it out.`);
}

/** @throws UsageError for a runtime that only the network of Serial-OE has */
export function refuseOtherRuntimes(flags: RuntimeFlags, system: string): void {
  const { runtime = 'tfjs' } = flags;
  if (runtime !== 'tfjs')
    throw new UsageError(`--runtime ${runtime} is for models of serial-oe; ${system} runs on tfjs alone.`);
}

/**
 * Starts what the flags ask for.
 * @throws BackendError saying what to install
 */
export async function startRuntime({ runtime, backend, threads, weights }: RuntimeFlags): Promise<Runtime> {
  const name = RUNTIMES[runtime ?? 'tfjs'];
  if (name === null) {
    const { startBackend } = await import('@serial-oe/runtime/node');
    await startBackend(backend ?? 'wasm');
    return { options: {}, backend: backend ?? 'wasm' };
  }
  const { loadOnnxRuntime } = await import('@serial-oe/onnx');
  return { options: { runtime: await loadOnnxRuntime(name), threads, weights }, backend: null };
}
