import type { Spectrograms } from '@serial-oe/runtime';
import type { FrontEndConfig } from '../config/config';

/** Bands that the mel bands of a spectrogram are joined into: few enough for a covariance from a dozen clips. */
export const N_LEVELS = 16;

/**
 * Smallest level, relative to the training sounds' own deviation, which amplitude normalisation makes 1: far below any
 * recorded noise, so that digital silence is far away and yet a number.
 */
const FLOOR = 1e-10;

/** How many mel bands there are, and what the front end did to their values. */
export type BandLevelsOptions = Pick<FrontEndConfig, 'nMels' | 'log' | 'power'> &
  Partial<Pick<FrontEndConfig, 'furtherNFfts'>>;

/**
 * The long-term spectrum of a clip as the network hears it: natural logarithms of the values of all chunks and frames,
 * averaged within {@link N_LEVELS} bands of about equally many mel bands (one a mel band where there are fewer). Of several
 * resolutions the first counts.
 *
 * @param spectrograms of amplitude-normalised chunks, so that the clip's level counts
 * @returns `[min(nMels, 16)]`
 */
export function bandLevels({ data, nChunks }: Spectrograms, options: BandLevelsOptions): Float64Array {
  const { nMels, furtherNFfts = [] } = options;
  const nRows = nMels * (1 + furtherNFfts.length);
  const nLevels = Math.min(N_LEVELS, nMels);
  const toValue = inverseLogarithm(options);
  const nFrames = data.length / (nChunks * nRows);
  const sums = new Float64Array(nLevels);
  const counts = new Float64Array(nLevels);
  for (let row = 0; row < nChunks * nRows; row++) {
    if (row % nRows >= nMels) continue;
    const level = Math.floor(((row % nRows) * nLevels) / nMels);
    counts[level]! += nFrames;
    for (let i = row * nFrames; i < (row + 1) * nFrames; i++) sums[level]! += toValue(data[i]!);
  }
  return sums.map((sum, i) => Math.log(Math.max(sum / counts[i]!, FLOOR)));
}

/** Averages are of magnitudes or powers, whether the network hears their logarithms or not. */
function inverseLogarithm({ log, power }: BandLevelsOptions): (value: number) => number {
  if (log === null) return (value) => value;
  const scale = { natural: 1, log10: Math.LN10, dB: (power * Math.LN10) / 20 }[log];
  return (value) => Math.exp(value * scale);
}
