import type { MelSpectrogramResult } from '@serial-oe/audio-features';

/**
 * Global weighted ranking pooling: the values of each band over time, largest first, averaged with the weights
 * r^(i - 1) / sum_j r^(j - 1); r = 0 is the maximum, r = 1 the mean.
 *
 * @param ranks the values of r, each in [0, 1]
 * @returns of each r, `[nMels]`
 * @see J. Guan et al., "Time-weighted frequency domain audio representation with GMM estimator for anomalous sound
 *   detection", ICASSP 2023
 */
export function rankedPooling(
  { data, nMels, nFrames }: MelSpectrogramResult,
  ranks: readonly number[],
): Float64Array[] {
  const weights = ranks.map((rank) => rankWeights(rank, nFrames));
  const pooled = ranks.map(() => new Float64Array(nMels));
  for (let band = 0; band < nMels; band++) {
    const sorted = data
      .slice(band * nFrames, (band + 1) * nFrames)
      .sort()
      .reverse();
    weights.forEach((ofRank, k) => {
      let sum = 0;
      for (let i = 0; i < ofRank.length; i++) sum += ofRank[i]! * sorted[i]!;
      pooled[k]![band] = sum;
    });
  }
  return pooled;
}

/** `[nFrames]`, sum 1. */
function rankWeights(rank: number, nFrames: number): Float64Array {
  const weights = Float64Array.from({ length: nFrames }, (_, i) => rank ** i); // 0 ** 0 is 1
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
