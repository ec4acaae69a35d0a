import { compileSmallKernel } from '@serial-oe/foundation';
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

/** The compiled kernels; undefined where there is no WebAssembly SIMD or a page's policy forbids it. */
export function compileKernels(): WebAssembly.Module | undefined {
  return compileSmallKernel(KERNEL_BINARY);
}
