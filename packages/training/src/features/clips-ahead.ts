import type { FeatureSource } from './feature-source';

/**
 * The features of clips in turn, each asked for while the one before it is used. One that fails rejects where it is awaited.
 * @param indices of the clips that the source was made for
 */
export function* clipsAhead<Features>(
  source: Pick<FeatureSource<never, never, Features>, 'clipFeatures'>,
  indices: readonly number[],
): Generator<{ index: number; features: Promise<Features> }> {
  const request = (i: number): Promise<Features> | null => {
    const index = indices[i];
    if (index === undefined) return null;
    const features = source.clipFeatures(index);
    features.catch(() => {}); // reported where it is awaited, which may be never
    return features;
  };
  let next = request(0);
  for (const [i, index] of indices.entries()) {
    const current = next as Promise<Features>;
    next = request(i + 1);
    yield { index, features: current };
  }
}
