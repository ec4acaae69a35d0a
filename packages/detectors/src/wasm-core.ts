import { allocateKernelMemory, instantiateSmallKernel, type Matrix } from '@serial-oe/foundation';
import { BLOCK_ROWS, type DistanceCore } from './distance-core';
import { compileKernels, type Kernels } from './kernel-module';

const DOUBLE_BYTES = Float64Array.BYTES_PER_ELEMENT;
/** Rows side by side in a panel. */
const PANEL = 4;

/** The core on SIMD in WebAssembly, with a copy of the rows, or undefined where there is none or no memory for it. */
export function createWasmCore(rows: Matrix): DistanceCore | undefined {
  const { nCols } = rows;
  const queriesAt = BLOCK_ROWS * BLOCK_ROWS;
  const panelsAt = queriesAt + BLOCK_ROWS * nCols;
  const nRows = Math.ceil(rows.nRows / (2 * PANEL)) * 2 * PANEL;
  const module = compileKernels();
  const memory = module && allocate(panelsAt + nRows * nCols);
  if (!memory) return undefined;
  const kernels = instantiateSmallKernel<Kernels>(module, memory);
  const values = new Float64Array(memory.buffer);
  packPanels(rows, values.subarray(panelsAt));
  let nQueries = 0;
  return {
    squared: values.subarray(0, queriesAt),
    setQueries(data) {
      values.set(data, queriesAt);
      nQueries = data.length / nCols;
    },
    fill(firstRow) {
      const nPanels = Math.ceil(Math.min(BLOCK_ROWS, rows.nRows - firstRow) / PANEL);
      const panels = (panelsAt + firstRow * nCols) * DOUBLE_BYTES;
      kernels.squaredDistances(queriesAt * DOUBLE_BYTES, nQueries, panels, nPanels, nCols, 0);
    },
  };
}

/** Undefined for more than WebAssembly has, and where address space is limited. */
function allocate(nValues: number): WebAssembly.Memory | undefined {
  try {
    return allocateKernelMemory(nValues * DOUBLE_BYTES);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Column by column, the values of four rows next to each other. */
function packPanels({ data, nRows, nCols }: Matrix, panels: Float64Array): void {
  for (let first = 0; first < nRows; first += PANEL) {
    const nLanes = Math.min(PANEL, nRows - first);
    for (let j = 0; j < nCols; j++) {
      const to = first * nCols + j * PANEL;
      for (let lane = 0; lane < nLanes; lane++) panels[to + lane] = data[(first + lane) * nCols + j]!;
    }
  }
}
