import type { MelSpectrogramResult } from '@serial-oe/audio-features';

/** What a vector holds of each band, in this order. */
export type Statistics = 'mean' | 'meanDeviation' | 'meanDeviationRoughness';

const N_STATISTICS: Readonly<Record<Statistics, number>> = {
  mean: 1,
  meanDeviation: 2,
  meanDeviationRoughness: 3,
};

/**
 * Of each band over time: the mean, the population standard deviation (NumPy's `mean` and `std` along the last axis), and the
 * roughness, which is the standard deviation of the differences from frame to frame.
 * @returns `[n nMels]`: all means, then all deviations, then all roughnesses
 */
export function bandStatistics(
  { data, nMels, nFrames }: MelSpectrogramResult,
  statistics: Statistics,
): Float64Array {
  const n = N_STATISTICS[statistics];
  const vector = new Float64Array(n * nMels);
  for (let band = 0; band < nMels; band++) {
    const values = data.subarray(band * nFrames, (band + 1) * nFrames);
    const { mean, deviation } = momentsOf(values);
    vector[band] = mean;
    if (n >= 2) vector[nMels + band] = deviation;
    if (n >= 3) vector[2 * nMels + band] = momentsOf(differences(values)).deviation;
  }
  return vector;
}

function momentsOf(values: ArrayLike<number>): { mean: number; deviation: number } {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / values.length) };
}

function differences(values: Float32Array): Float64Array {
  return Float64Array.from({ length: values.length - 1 }, (_, i) => values[i + 1]! - values[i]!);
}
