import { allocateKernelMemory, instantiateSmallKernel, type Matrix } from '@serial-oe/foundation';
import { type CoreLayout, layoutCore, PANEL, PANEL_STRIDE } from './core-layout';
import type { GaussianCore } from './gaussian-core';
import type { Kernels } from './kernel-module';
import { BLOCK_ROWS, forEachWeightedBlock, type WeightedBlock } from './weighted-blocks';

const DOUBLE_BYTES = Float64Array.BYTES_PER_ELEMENT;

/**
 * The core on WebAssembly. X stays where it is: 64 rows at a time are copied into a memory that the core owns and that
 * is freed with it. Many short calls, since an engine exchanges its first, unoptimised code only between calls.
 *
 * @throws RangeError where the memory cannot be had.
 */
export function createWasmCore({ data, nRows, nCols }: Matrix, module: WebAssembly.Module): GaussianCore {
  const layout = layoutCore(nCols);
  const memory = allocate(layout);
  const { packRows, whitenedSquares, packColumns, scatterTiles } = instantiateSmallKernel<Kernels>(
    module,
    memory,
  );
  const values = new Float64Array(memory.buffer);
  const rows = values.subarray(layout.rows, layout.roots);
  const tiles = values.subarray(layout.tiles, layout.squares);
  const squares = values.subarray(layout.squares, layout.end);
  const at = toBytes(layout);
  const copyRow = (from: number, count: number, to: number) =>
    rows.set(data.subarray(from * nCols, (from + count) * nCols), to * nCols);

  return {
    squaredDistances(mean, precisionCholesky, out) {
      values.set(mean, layout.mean);
      packFactor(precisionCholesky, nCols, tiles);
      for (let start = 0; start < nRows; start += BLOCK_ROWS) {
        const count = Math.min(BLOCK_ROWS, nRows - start);
        const nGroups = Math.ceil(count / PANEL);
        copyRow(start, count, 0);
        packRows(at.rows, nGroups, nCols, at.mean, at.block);
        squares.fill(0);
        whitenedSquares(at.block, nGroups, at.tiles, nCols, at.squares);
        for (let i = 0; i < count; i++) out[start + i] = squares[2 * i]! + squares[2 * i + 1]!;
      }
    },

    scatter(mean, { responsibilities, smallest }, out) {
      values.set(mean, layout.mean);
      tiles.fill(0);
      const stride = PANEL_STRIDE * DOUBLE_BYTES;
      forEachWeightedBlock(responsibilities, smallest, (block) => {
        values.set(block.roots, layout.roots);
        if (isContiguous(block)) copyRow(block.rows[0]!, block.count, 0);
        else for (let i = 0; i < block.count; i++) copyRow(block.rows[i]!, 1, i);
        packColumns(at.rows, at.roots, block.count, nCols, at.mean, at.block, stride);
        scatterTiles(at.block, Math.ceil(nCols / PANEL), block.count, stride, at.tiles);
      });
      unpackSymmetric(tiles, out, nCols);
    },
  };
}

function allocate({ end }: CoreLayout): WebAssembly.Memory {
  const nBytes = end * DOUBLE_BYTES;
  try {
    return allocateKernelMemory(nBytes);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new RangeError(
      `gmm.GaussianMixture: core must be 'auto' or 'typescript' for so many columns, got 'wasm', which needs ${nBytes} ` +
        `bytes: ${cause.message}`,
      { cause },
    );
  }
}

/** Byte addresses of the regions. */
function toBytes(layout: CoreLayout): CoreLayout {
  const entries = Object.entries(layout).map(([name, index]) => [name, index * DOUBLE_BYTES]);
  return Object.fromEntries(entries) as CoreLayout;
}

/** Whether the rows of a block follow each other in X, so that one copy takes them all. */
function isContiguous({ rows, count }: WeightedBlock): boolean {
  return rows[count - 1]! - rows[0]! === count - 1;
}

/** P in panels of 4 columns down to the diagonal, zeros below it and beyond n. */
function packFactor(upper: Float64Array, n: number, panels: Float64Array): void {
  panels.fill(0);
  let to = 0;
  for (let first = 0; first < n; first += PANEL) {
    const end = Math.min(first + PANEL, n);
    for (let k = 0; k < first + PANEL; k++) {
      for (let j = Math.max(first, k); j < end; j++) panels[to + j - first] = upper[k * n + j]!;
      to += PANEL;
    }
  }
}

/** The sums in the tiles, to both halves of a matrix. */
function unpackSymmetric(tiles: Float64Array, out: Float64Array, n: number): void {
  let from = 0;
  for (let row = 0; row < n; row += PANEL) {
    for (let column = 0; column <= row; column += PANEL) {
      for (let i = row; i < row + PANEL; i++) {
        for (let j = column; j < column + PANEL; j++) {
          const sum = tiles[from++]!;
          if (i >= n || j > i) continue;
          out[i * n + j] = sum;
          out[j * n + i] = sum;
        }
      }
    }
  }
}
