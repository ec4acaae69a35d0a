import { Geometry } from './geometry';
import { FLOAT, loadLanes, storeLanes } from './simd';

/**
 * dx += dy where each window of one image x had its maximum y first, in the order of the rows; dx is zeros at the start. The
 * kernel of the geometry is the window.
 */
export function maxPoolGradient(x: usize, y: usize, dy: usize, dx: usize, g: Geometry, channels: i32): void {
  const pixel = <isize>channels * FLOAT;
  let target: isize = 0;
  for (let row = 0; row < g.outHeight; row++) {
    const top = row * g.strideHeight - g.padTop;
    const firstRow = max(0, top);
    const lastRow = min(g.inHeight, top + g.kernelHeight);
    for (let column = 0; column < g.outWidth; column++) {
      const left = column * g.strideWidth - g.padLeft;
      const firstColumn = max(0, left);
      const lastColumn = min(g.inWidth, left + g.kernelWidth);
      for (let channel = 0; channel < channels; channel += 4) {
        const nLanes = min(4, channels - channel);
        const offset = <isize>channel * FLOAT;
        const maximum = loadLanes(y + target + offset, nLanes);
        const gradient = loadLanes(dy + target + offset, nLanes);
        let open = i32x4.splat(-1); // lanes whose maximum is still to be found
        for (let i = firstRow; i < lastRow; i++) {
          for (let j = firstColumn; j < lastColumn; j++) {
            const at = (i * g.inWidth + j) * pixel + offset;
            const isHere = v128.and(open, f32x4.eq(loadLanes(x + at, nLanes), maximum));
            open = v128.andnot(open, isHere);
            const sum = f32x4.add(loadLanes(dx + at, nLanes), v128.and(gradient, isHere));
            storeLanes(dx + at, sum, nLanes);
          }
        }
      }
      target += pixel;
    }
  }
}
