/** How dots are pushed apart. */
export interface SwarmOptions {
  /** Least distance between the middles of two dots, pixels. */
  step: number;
  /** A row is no higher than this, pixels; dots that do not fit cover others. */
  maxHeight: number;
}

/**
 * How far each dot is moved up or down from its row's middle so that it covers none before it: as little as goes, in steps.
 *
 * @param places along the row, pixels.
 * @returns pixels from the middle, in the order of the places.
 */
export function swarm(places: readonly number[], { step, maxHeight }: SwarmOptions): number[] {
  const nLevels = Math.max(1, Math.floor(maxHeight / step));
  const order = places.map((_, i) => i).sort((a, b) => places[a]! - places[b]! || a - b);
  const lastAt = new Map<number, number>();
  const offsets = new Array<number>(places.length).fill(0);
  for (const i of order) {
    const place = places[i]!;
    let best = 0;
    for (let n = 0; n < nLevels; n++) {
      const level = n % 2 === 1 ? (n + 1) / 2 : -n / 2; // 0, 1, -1, 2, -2
      const last = lastAt.get(level);
      if (last === undefined || place - last >= step) {
        best = level;
        break;
      }
      if (last < (lastAt.get(best) ?? -Infinity)) best = level; // where it covers the least, if it must
    }
    lastAt.set(best, place);
    offsets[i] = best * step + 0; // no -0
  }
  return offsets;
}
