import { KERNEL_BINARY } from './generated/kernel-binary';

/** The functions of assembly/index.ts; addresses and strides in bytes. */
export interface Kernels {
  packRows(rows: number, nGroups: number, nCols: number, mean: number, out: number): void;
  whitenedSquares(rows: number, nGroups: number, factor: number, nCols: number, squares: number): void;
  packColumns(
    ...addresses: [
      rows: number,
      roots: number,
      nRows: number,
      nCols: number,
      mean: number,
      out: number,
      stride: number,
    ]
  ): void;
  scatterTiles(columns: number, nPanels: number, nRows: number, stride: number, tiles: number): void;
}

/**
 * Compiles the kernels. At less than 4096 bytes they compile synchronously on the main thread of every browser.
 *
 * @throws WebAssembly.CompileError where the engine has no SIMD or the page's policy forbids WebAssembly;
 *   ReferenceError where there is no WebAssembly.
 */
export function compileKernels(): WebAssembly.Module {
  return new WebAssembly.Module(kernelBytes());
}

/** Whether this engine has WebAssembly with SIMD; a page's policy may forbid it nevertheless. */
export function hasWasmSimd(): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(kernelBytes());
}

function kernelBytes(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(KERNEL_BINARY), (character) => character.charCodeAt(0));
}

/** The kernels on the given memory. */
export function instantiateKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
}
