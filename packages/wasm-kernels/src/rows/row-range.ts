/** Rows of channels, one a pixel: `count` of them from `first` on. */
export interface RowRange {
  first: number;
  count: number;
}

/** Calls `use` for one block of at most `blockRows` rows after the other. */
export function forEachBlock(nRows: number, blockRows: number, use: (range: RowRange) => void): void {
  for (let first = 0; first < nRows; first += blockRows) {
    use({ first, count: Math.min(blockRows, nRows - first) });
  }
}
