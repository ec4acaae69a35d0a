/**
 * Adds Z Z^T to the lower half of `sums`, Z = the stored columns: 4 x 2 dot products at a time over contiguous
 * memory, tiles wholly above the diagonal left out.
 *
 * @param block one column every `stride` values, `width` columns of `count` values each.
 * @param sums `[width, width]`; its upper half is not meaningful.
 * @param width a multiple of 4.
 */
export function scatterTiles(
  { columns, count, stride }: { columns: Float64Array; count: number; stride: number },
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
      sums[t0]! += s00;
      sums[t0 + 1]! += s01;
      const t1 = t0 + width;
      sums[t1]! += s10;
      sums[t1 + 1]! += s11;
      const t2 = t1 + width;
      sums[t2]! += s20;
      sums[t2 + 1]! += s21;
      const t3 = t2 + width;
      sums[t3]! += s30;
      sums[t3 + 1]! += s31;
    }
  }
}
