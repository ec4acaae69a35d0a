import { BLOCK_ROWS } from './weighted-blocks';

/** Rows or columns of a panel. */
export const PANEL = 4;

/**
 * Values from panel to panel of the block. The 8 beyond the panel's own keep panels from falling on the same lines of a
 * processor's cache, which halves the time of packing 128 columns.
 */
export const PANEL_STRIDE = PANEL * BLOCK_ROWS + 8;

/** Regions of the memory of a WebAssembly core, as indices of float64 values: each ends where the next one begins. */
export interface CoreLayout {
  /** Rows of X as they are, `[BLOCK_ROWS, nCols]` and a panel's row beyond, which is read and not used. */
  readonly rows: number;
  /** `[BLOCK_ROWS]` */
  readonly roots: number;
  /** `[width]`, width = nCols rounded up to whole panels. */
  readonly mean: number;
  /** Centred rows: `[BLOCK_ROWS / 4, width, 4]` for the squares, panels of columns for the scatter. */
  readonly block: number;
  /** 4 x 4 tiles of a triangle, those of the factor or of the sums. */
  readonly tiles: number;
  /** `[BLOCK_ROWS, 2]` */
  readonly squares: number;
  readonly end: number;
}

/** The regions for X of `nCols` columns: 0.25 MB for 128. */
export function layoutCore(nCols: number): CoreLayout {
  const nPanels = Math.ceil(nCols / PANEL);
  const rows = 0;
  const roots = rows + BLOCK_ROWS * nCols + PANEL;
  const mean = roots + BLOCK_ROWS;
  const block = mean + nPanels * PANEL;
  const tiles = block + nPanels * PANEL_STRIDE;
  const squares = tiles + ((nPanels * (nPanels + 1)) / 2) * PANEL * PANEL;
  return { rows, roots, mean, block, tiles, squares, end: squares + 2 * BLOCK_ROWS };
}
