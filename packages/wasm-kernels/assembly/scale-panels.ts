import { FLOAT } from './simd';

/** Panels as `packRight` makes them from `[rows, n]`, each row times its factor; factor `[rows]`. */
export function scalePanels(packed: usize, factor: usize, scaled: usize, rows: i32, n: i32): void {
  let source = packed;
  let target = scaled;
  for (let column = 0; column < n; column += 8) {
    for (let row = 0; row < rows; row++) {
      const f = v128.load32_splat(factor + <usize>row * FLOAT);
      v128.store(target, f32x4.mul(v128.load(source), f));
      v128.store(target, f32x4.mul(v128.load(source, 16), f), 16);
      source += 32;
      target += 32;
    }
  }
}
