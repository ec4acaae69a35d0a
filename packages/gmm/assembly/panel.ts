// Matrices lie in panels of four columns: value k of column c is at k * 4 + c of its panel.

/** Bytes of one row of a panel: four float64. */
export const PANEL_ROW: usize = 32;
/** Bytes of a tile, 4 x 4. */
export const TILE: usize = 128;

// @ts-ignore: decorator
@inline
export function countPanels(nColumns: usize): usize {
  return (nColumns + 3) / 4;
}
