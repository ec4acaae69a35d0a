import { engine, getBackend, type KernelBackend, type TensorInfo } from '@tensorflow/tfjs-core';

/** What is used of tfjs's BackendWasm, none of which is in its type declarations. */
export interface WasmBackend extends KernelBackend {
  readonly wasm: {
    _malloc(nBytes: number): number;
    _free(address: number): void;
    /** Exports of the module; `memory` in the builds without threads. */
    readonly asm: { readonly memory?: WebAssembly.Memory };
    /** In the build with threads. */
    readonly wasmMemory?: WebAssembly.Memory;
  };
  /** Fetches data from another backend if it has them not. */
  readonly dataIdMap: { get(dataId: TensorInfo['dataId']): { readonly memoryOffset: number } };
  /** Data without a tensor; their values are whatever the memory held. */
  makeOutput(shape: number[], dtype: 'float32'): TensorInfo;
}

export const WASM_BACKEND_NAME = 'wasm';

/** Where the memory of tfjs's WASM backend ends: 4 GiB, all that 32-bit addresses reach. */
export const MAX_WASM_HEAP_BYTES = 2 ** 32;

/** The WASM backend if it is the active one, else null. */
export function activeWasmBackend(): WasmBackend | null {
  return getBackend() === WASM_BACKEND_NAME ? (engine().backend as WasmBackend) : null;
}

/** The memory that a backend works on, undefined in a build that keeps it to itself. */
export function memoryOf({ wasm }: WasmBackend): WebAssembly.Memory | undefined {
  return wasm.asm.memory ?? wasm.wasmMemory;
}

/**
 * Size of the active WASM backend's memory in bytes, which grows as it is needed, never shrinks, and ends at
 * {@link MAX_WASM_HEAP_BYTES}: the peak of what the process has needed so far. Null where another backend is active, or
 * the backend keeps its memory to itself.
 */
export function wasmHeapBytes(): number | null {
  const backend = activeWasmBackend();
  return (backend && memoryOf(backend)?.buffer.byteLength) ?? null;
}

/** Whether a backend with threads could run here, whose memory is shared. */
export function canBeShared(): boolean {
  return typeof SharedArrayBuffer === 'function';
}

export function isSharedMemory(memory: WebAssembly.Memory): boolean {
  return canBeShared() && memory.buffer instanceof SharedArrayBuffer;
}
