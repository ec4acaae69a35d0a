/**
 * Adds Z Z^T to the lower half of `sums`, Z = the stored columns: 4 x 2 dot products at a time over contiguous
 * memory, tiles wholly above the diagonal left out.
 *
 * @param columns one column of the block every `stride` values, `width` columns.
 * @param count values in each column.
 * @param sums `[width, width]`; its upper half is not meaningful.
 * @param width a multiple of 4.
 */
export function scatterTiles(
  columns: Float64Array,
  count: number,
  stride: number,
  sums: Float64Array,
  width: number,
): void {
  for (let a = 0; a < width; a += 4) {
    const a0 = a * stride;
    const a1 = a0 + stride;
    const a2 = a1 + stride;
    const a3 = a2 + stride;
    for (let b = 0; b < a + 4; b += 2) {
      const b0 = b * stride;
      const b1 = b0 + stride;
      let s00 = 0;
      let s01 = 0;
      let s10 = 0;
      let s11 = 0;
      let s20 = 0;
      let s21 = 0;
      let s30 = 0;
      let s31 = 0;
      for (let i = 0; i < count; i++) {
        const y0 = columns[b0 + i]!;
        const y1 = columns[b1 + i]!;
        const x0 = columns[a0 + i]!;
        s00 += x0 * y0;
        s01 += x0 * y1;
        const x1 = columns[a1 + i]!;
        s10 += x1 * y0;
        s11 += x1 * y1;
        const x2 = columns[a2 + i]!;
        s20 += x2 * y0;
        s21 += x2 * y1;
        const x3 = columns[a3 + i]!;
        s30 += x3 * y0;
        s31 += x3 * y1;
      }
      const t0 = a * width + b;
      addPair(sums, t0, s00, s01);
      addPair(sums, t0 + width, s10, s11);
      addPair(sums, t0 + 2 * width, s20, s21);
      addPair(sums, t0 + 3 * width, s30, s31);
    }
  }
}

function addPair(sums: Float64Array, index: number, first: number, second: number): void {
  sums[index]! += first;
  sums[index + 1]! += second;
}
