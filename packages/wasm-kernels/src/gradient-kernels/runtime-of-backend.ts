import type { KernelBackend } from '@tensorflow/tfjs-core';
import { bindKernels, bindKernelsNow, compileKernels } from '../runtime/load-kernels';
import { bestSimdLevel } from '../runtime/simd-support';
import {
  activeWasmBackend,
  canBeShared,
  isSharedMemory,
  memoryOf,
  type WasmBackend,
} from '../runtime/wasm-backend';
import { WasmRuntime } from '../runtime/wasm-runtime';

/** The SIMD kernels on the memory of a backend; null where there are none, and compositions of tfjs's kernels serve. */
export type RuntimeOf = (backend: KernelBackend) => WasmRuntime | null;

/**
 * Compiles the SIMD kernels, by default the faster build that the engine can run. They are bound to a backend's memory at once if it is the active one, else when the first
 * of them is called. Some browsers refuse to do the latter on their main thread.
 */
export async function prepareRuntimes(level = bestSimdLevel()): Promise<RuntimeOf> {
  if (!level) return () => null;
  const compile = (isShared: boolean) => compileKernels(level, isShared);
  const [own, shared] = await Promise.all([compile(false), canBeShared() ? compile(true) : null]);
  const moduleFor = (memory: WebAssembly.Memory) => (isSharedMemory(memory) ? shared : own);
  const runtimes = new WeakMap<KernelBackend, WasmRuntime | null>();

  const active = activeWasmBackend();
  const memory = active && memoryOf(active);
  const module = memory && moduleFor(memory);
  if (active && memory && module) {
    runtimes.set(active, new WasmRuntime(active, memory, await bindKernels(module, memory)));
  }
  return (backend) => {
    const known = runtimes.get(backend);
    if (known !== undefined) return known;
    const runtime = bindNow(backend as WasmBackend, moduleFor);
    runtimes.set(backend, runtime);
    return runtime;
  };
}

function bindNow(
  backend: WasmBackend,
  moduleFor: (memory: WebAssembly.Memory) => WebAssembly.Module | null,
): WasmRuntime | null {
  const memory = memoryOf(backend);
  const module = memory && moduleFor(memory);
  if (!memory || !module) return null;
  try {
    return new WasmRuntime(backend, memory, bindKernelsNow(module, memory));
  } catch (error) {
    if (error instanceof RangeError) return null; // the browser wants it asynchronous
    throw error;
  }
}
