const GOLDEN = (Math.sqrt(5) - 1) / 2;
const N_GRID = 64;
const N_STEPS = 60;

/** Where a smooth function within [low, high] is largest: the best of a grid, made finer by golden-section search around it. */
export function maximize(value: (x: number) => number, low: number, high: number): number {
  const step = (high - low) / N_GRID;
  let best = low;
  let most = -Infinity;
  for (let i = 0; i <= N_GRID; i++) {
    const x = low + i * step;
    const y = value(x);
    if (y > most) [best, most] = [x, y];
  }
  let from = Math.max(low, best - step);
  let to = Math.min(high, best + step);
  for (let i = 0; i < N_STEPS; i++) {
    const left = to - GOLDEN * (to - from);
    const right = from + GOLDEN * (to - from);
    if (value(left) >= value(right)) to = right;
    else from = left;
  }
  const refined = (from + to) / 2;
  return value(refined) > most ? refined : best;
}
