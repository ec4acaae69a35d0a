import { FLOAT, loadLanes, storeLanes } from './simd';
import { swish } from './swish';

/**
 * y = x sigmoid(x) for n values in a row; y may be x. Four vectors a turn: V8 builds a constant with three instructions
 * where it is used, here once for four, and mixes the four chains of dependent steps.
 */
export function swishRun(x: usize, y: usize, n: i32): void {
  let source = x;
  let target = y;
  let i = 0;
  for (; i + 16 <= n; i += 16) {
    const a = swish(v128.load(source));
    const b = swish(v128.load(source, 16));
    const c = swish(v128.load(source, 32));
    const d = swish(v128.load(source, 48));
    v128.store(target, a);
    v128.store(target, b, 16);
    v128.store(target, c, 32);
    v128.store(target, d, 48);
    source += 64;
    target += 64;
  }
  for (; i < n; i += 4) {
    const nLanes = min(4, n - i);
    storeLanes(target, swish(loadLanes(source, nLanes)), nLanes);
    source += 4 * FLOAT;
    target += 4 * FLOAT;
  }
}
