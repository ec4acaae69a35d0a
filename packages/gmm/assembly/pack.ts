import { countPanels, PANEL_ROW, TILE } from './panel';

/** x - mean of two neighbouring columns. */
// @ts-ignore: decorator
@inline
function center(row: usize, mean: usize): v128 {
  return f64x2.sub(v128.load(row), v128.load(mean));
}

/**
 * Centred rows of X, four side by side: out = `[nGroups, width, 4]`, width = nCols rounded up to a multiple of 4. What
 * stands beyond nCols is not meaningful.
 *
 * @param rows `[4 nGroups, nCols]`, and readable for one value more.
 * @param mean `[width]`
 */
export function packRows(rows: usize, nGroups: usize, nCols: usize, mean: usize, out: usize): void {
  const rowBytes = nCols * 8;
  const groupBytes = countPanels(nCols) * TILE;
  for (let group: usize = 0; group < nGroups; group++) {
    let row = rows + group * 4 * rowBytes;
    let to = out + group * groupBytes;
    const end = row + rowBytes;
    for (let at = mean; row < end; at += 16) {
      const x0 = center(row, at);
      const x1 = center(row + rowBytes, at);
      const x2 = center(row + 2 * rowBytes, at);
      const x3 = center(row + 3 * rowBytes, at);
      v128.store(to, v128.shuffle<f64>(x0, x1, 0, 2));
      v128.store(to, v128.shuffle<f64>(x2, x3, 0, 2), 16);
      v128.store(to, v128.shuffle<f64>(x0, x1, 1, 3), 32);
      v128.store(to, v128.shuffle<f64>(x2, x3, 1, 3), 48);
      row += 16;
      to += 2 * PANEL_ROW;
    }
  }
}

/**
 * Centred rows of X times the roots of their weights, in panels of four columns `stride` bytes apart. The columns that
 * fill up the last panel are not meaningful.
 *
 * @param rows `[nRows, nCols]`, and readable for three values more.
 * @param roots `[nRows]`
 * @param mean `[nCols]`, filled up to a multiple of 4.
 */
export function packColumns(
  rows: usize, roots: usize, nRows: usize, nCols: usize, mean: usize, out: usize, stride: usize,
): void {
  const end = mean + countPanels(nCols) * PANEL_ROW;
  for (let i: usize = 0; i < nRows; i++) {
    const root = v128.load64_splat(roots + i * 8);
    let row = rows + i * nCols * 8;
    let to = out + i * PANEL_ROW;
    for (let at = mean; at < end; at += PANEL_ROW) {
      v128.store(to, f64x2.mul(root, center(row, at)));
      v128.store(to, f64x2.mul(root, center(row + 16, at + 16)), 16);
      row += PANEL_ROW;
      to += stride;
    }
  }
}
