import type { Spectrograms } from '@serial-oe/runtime';
import type { FeatureSource } from './feature-source';

/**
 * The spectrograms of clips in turn, each asked for while the one before it is used. One that fails rejects where it is awaited.
 * @param indices of the clips in the setup of `source`
 */
export function* clipsAhead(
  source: Pick<FeatureSource, 'clipSpectrograms'>,
  indices: readonly number[],
): Generator<{ index: number; spectrograms: Promise<Spectrograms> }> {
  const request = (i: number): Promise<Spectrograms> | null => {
    const index = indices[i];
    if (index === undefined) return null;
    const spectrograms = source.clipSpectrograms(index);
    spectrograms.catch(() => {}); // reported where it is awaited, which may be never
    return spectrograms;
  };
  let next = request(0);
  for (const [i, index] of indices.entries()) {
    const current = next as Promise<Spectrograms>;
    next = request(i + 1);
    yield { index, spectrograms: current };
  }
}
