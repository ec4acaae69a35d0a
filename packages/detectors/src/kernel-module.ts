import { compileSmallKernel } from '@serial-oe/foundation';
import { KERNEL_BINARY } from './generated/kernel-binary';

/** The function of assembly/index.ts; addresses in bytes. */
export interface Kernels {
  squaredDistances(
    ...args: [queries: number, nQueries: number, panels: number, nPanels: number, nCols: number, out: number]
  ): void;
}

/** The compiled kernels; undefined where there is no WebAssembly SIMD or a page's policy forbids it. */
export function compileKernels(): WebAssembly.Module | undefined {
  return compileSmallKernel(KERNEL_BINARY);
}
