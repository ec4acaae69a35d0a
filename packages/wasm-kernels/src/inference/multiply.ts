import { forEachBlock } from '../rows/row-range';
import type { Address } from '../runtime/kernel-exports';
import type { WasmRuntime } from '../runtime/wasm-runtime';
import type { PackedMatrix } from './packed-weights';

/** Floats of the left factor in a block, 128 KB: a part of the second-level cache. */
const BLOCK_FLOATS = 32_768;
/** So many rows at least make the panels worth their reads. */
const MIN_BLOCK_ROWS = 32;

/** c = a matrix + bias + residual, for a `[nRows, k]`; residual is 0 for none. */
export function multiply(
  { kernels }: WasmRuntime,
  { panels, bias, k, n }: PackedMatrix,
  { a, c, nRows, residual = 0 }: { a: Address; c: Address; nRows: number; residual?: Address },
): void {
  const blockRows = Math.max(MIN_BLOCK_ROWS, Math.floor(BLOCK_FLOATS / k / 4) * 4);
  forEachBlock(nRows, blockRows, ({ first, count }) => {
    const offset = 4 * first * n;
    const added = residual === 0 ? 0 : residual + offset;
    kernels.multiplyBiased(a + 4 * first * k, panels, c + offset, count, k, n, bias, added);
  });
}
