import { RELAXED_SIMD_KERNELS, SIMD_KERNELS } from '../generated/kernel-binaries';
import type { KernelExports } from './kernel-exports';
import type { SimdLevel } from './simd-support';

/**
 * The bytes of a module with one import section at its start: the limits of the imported memory begin with a byte of
 * flags, 1 for a maximum and 2 for shared. It stands behind the names of the import.
 */
const MEMORY_IMPORT = [3, 0x65, 0x6e, 0x76, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2]; // "env" "memory" memory
const HAS_MAXIMUM = 1;
const HAS_MAXIMUM_AND_IS_SHARED = 3;

/** Compiles one build of the kernels for a memory; shared is what the threaded build of the backend has. */
export function compileKernels(level: SimdLevel, isShared: boolean): Promise<WebAssembly.Module> {
  return WebAssembly.compile(kernelBytes(level, isShared));
}

/** Lets compiled kernels work on a memory. */
export async function bindKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Promise<KernelExports> {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  return exports as unknown as KernelExports;
}

/**
 * The same without waiting.
 *
 * @throws {RangeError} on the main thread of browsers that want it asynchronous.
 */
export function bindKernelsNow(module: WebAssembly.Module, memory: WebAssembly.Memory): KernelExports {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelExports;
}

function kernelBytes(level: SimdLevel, isShared: boolean): Uint8Array<ArrayBuffer> {
  const bytes = decodeBase64(level === 'simd' ? SIMD_KERNELS : RELAXED_SIMD_KERNELS);
  const flags = indexOfBytes(bytes, MEMORY_IMPORT) + MEMORY_IMPORT.length;
  if (bytes[flags] !== HAS_MAXIMUM) throw new Error('wasm-kernels: the kernels do not import a memory.');
  if (isShared) bytes[flags] = HAS_MAXIMUM_AND_IS_SHARED;
  return bytes;
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

function indexOfBytes(bytes: Uint8Array, pattern: readonly number[]): number {
  return bytes.findIndex((_, start) => pattern.every((byte, i) => bytes[start + i] === byte));
}
