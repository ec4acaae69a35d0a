import { KERNEL_BINARY } from './generated/kernel-binary';

/** The function of assembly/index.ts; addresses in bytes. */
export interface Kernels {
  squaredDistances(
    ...args: [queries: number, nQueries: number, panels: number, nPanels: number, nCols: number, out: number]
  ): void;
}

/**
 * The compiled kernels; undefined in an engine without WebAssembly SIMD and where a page's policy forbids it. At less
 * than 4096 bytes they compile synchronously on the main thread of every browser.
 */
export function compileKernels(): WebAssembly.Module | undefined {
  const bytes = Uint8Array.from(atob(KERNEL_BINARY), (character) => character.charCodeAt(0));
  if (typeof WebAssembly !== 'object' || !WebAssembly.validate(bytes)) return undefined;
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return undefined; // a content security policy
    throw error;
  }
}

/** The kernels on the given memory. */
export function instantiateKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
}
