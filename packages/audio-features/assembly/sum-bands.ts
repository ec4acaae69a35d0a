import { add, multiply, subtract } from './complex-pair';

/**
 * The mel bands of two frames, in float32, to two neighbouring columns of `out`.
 *
 * @param spectrum `[nBins, 2]`
 * @param firstBins `[nMels + 2]` uint32: bins firstBins[j] to firstBins[j + 1] - 1 lie between the edges j and j + 1.
 * @param rise `[nBins]`: weight of each bin in the band that rises there; that in the one that falls is 1 - rise.
 * @param scales `[nMels]`
 * @param out `[nMels]` rows, `stride` apart.
 */
export function sumBands(
  spectrum: usize, firstBins: usize, rise: usize, scales: usize, nMels: usize, out: usize, stride: usize,
): void {
  let rising = f64x2.splat(0);
  let bin = <usize>load<u32>(firstBins);
  let at = spectrum + bin * 16;
  let weight = rise + bin * 8;
  for (let j: usize = 0; j <= nMels; j++) {
    let risingNext = f64x2.splat(0), falling = f64x2.splat(0);
    firstBins += 4;
    const end = spectrum + <usize>load<u32>(firstBins) * 16;
    for (; at < end; at += 16) {
      const value = v128.load(at);
      const part = multiply(v128.load64_splat(weight), value);
      risingNext = add(risingNext, part);
      falling = add(falling, subtract(value, part));
      weight += 8;
    }
    if (j > 0) {
      const sum = multiply(v128.load64_splat(scales), add(rising, falling));
      v128.store64_lane(out, f32x4.demote_f64x2_zero(sum), 0);
      scales += 8;
      out += stride;
    }
    rising = risingNext;
  }
}
