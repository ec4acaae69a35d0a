/**
 * out[i] = |L b_i|^2 for the rows b_i of a block, L lower triangular: 4 rows of the block against 2 rows of L at a
 * time, so that each value loaded serves several products, up to the diagonal of L. The order of the sums is that of
 * `GaussianCore.squaredDistances`.
 *
 * @param factors `block`: rows of `width` values, at least `out.length` of them, rounded up to a multiple of 4; `lower`:
 *   L, `[width, width]` with zeros above its diagonal; width is even.
 * @param out `[count]`, one value a row.
 */
export function whitenedSquares(
  { block, lower, width }: { block: Float64Array; lower: Float64Array; width: number },
  out: Float64Array,
): void {
  for (let i = 0; i < out.length; i += 4) {
    const b0 = i * width;
    const b1 = b0 + width;
    const b2 = b1 + width;
    const b3 = b2 + width;
    let even0 = 0;
    let odd0 = 0;
    let even1 = 0;
    let odd1 = 0;
    let even2 = 0;
    let odd2 = 0;
    let even3 = 0;
    let odd3 = 0;
    for (let j = 0; j < width; j += 2) {
      const l0 = j * width;
      const l1 = l0 + width;
      let y00 = 0;
      let y01 = 0;
      let y10 = 0;
      let y11 = 0;
      let y20 = 0;
      let y21 = 0;
      let y30 = 0;
      let y31 = 0;
      for (let k = 0; k <= j + 1; k++) {
        const p0 = lower[l0 + k]!;
        const p1 = lower[l1 + k]!;
        const x0 = block[b0 + k]!;
        y00 += x0 * p0;
        y01 += x0 * p1;
        const x1 = block[b1 + k]!;
        y10 += x1 * p0;
        y11 += x1 * p1;
        const x2 = block[b2 + k]!;
        y20 += x2 * p0;
        y21 += x2 * p1;
        const x3 = block[b3 + k]!;
        y30 += x3 * p0;
        y31 += x3 * p1;
      }
      even0 += y00 * y00;
      odd0 += y01 * y01;
      even1 += y10 * y10;
      odd1 += y11 * y11;
      even2 += y20 * y20;
      odd2 += y21 * y21;
      even3 += y30 * y30;
      odd3 += y31 * y31;
    }
    out[i] = even0 + odd0;
    if (i + 1 < out.length) out[i + 1] = even1 + odd1;
    if (i + 2 < out.length) out[i + 2] = even2 + odd2;
    if (i + 3 < out.length) out[i + 3] = even3 + odd3;
  }
}
