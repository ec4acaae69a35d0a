import type { WeightMap } from '@serial-oe/safetensors';

/** Weights of several parts in one map, each name behind that of its part: `PART/NAME`. */
export function joinWeights(parts: Readonly<Record<string, WeightMap>>): WeightMap {
  const all = Object.entries(parts).flatMap(([part, weights]) =>
    [...weights].map(([name, weight]) => [`${part}/${name}`, weight] as const),
  );
  return new Map(all);
}

/** The weights of one part. */
export function weightsOf(weights: WeightMap, part: string): WeightMap {
  const prefix = `${part}/`;
  return new Map(
    [...weights]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, weight]) => [name.slice(prefix.length), weight]),
  );
}
