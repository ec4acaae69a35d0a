import {
  ABOVE_ZERO,
  AT_LEAST_ZERO,
  checkNumber,
  checkOneOf,
  checkOptions,
  numberAbove,
  type OptionNames,
  POSITIVE_COUNT,
} from '@serial-oe/foundation';
import { hzToMel, MEL_SCALES, type MelScale, melToHz } from './mel-scale';
import { checkNFft } from './windowed-frames';

/** Options of {@link melFilterbank}, with torchaudio's and librosa's names. */
export interface MelFilterbankOptions {
  /** Hz. Default 16000. */
  sampleRate?: number;
  /** Samples of a frame, a power of two of at least 4. Default 2048. */
  nFft?: number;
  /** Number of bands. Default 224. */
  nMels?: number;
  /** Lower edge of the lowest band, Hz. Default 50. */
  fMin?: number;
  /** Upper edge of the highest band, Hz, at most sampleRate / 2. Default 7800. */
  fMax?: number;
  /** How the bands are spaced. Default 'htk', torchaudio's; librosa's is 'slaney'; 'linear' makes all of one width in Hz. */
  melScale?: MelScale;
  /** 'slaney' divides each triangle by half its width in Hz (area 1). Default null, torchaudio's: peaks of 1. */
  norm?: null | 'slaney';
}

export const MEL_FILTERBANK_OPTIONS: OptionNames<MelFilterbankOptions> = {
  sampleRate: true,
  nFft: true,
  nMels: true,
  fMin: true,
  fMax: true,
  melScale: true,
  norm: true,
};

/** A filter bank, row-major mel x bin. */
export interface MelFilterbank {
  /** `[nMels, nBins]`. */
  data: Float32Array;
  nMels: number;
  /** nFft / 2 + 1. */
  nBins: number;
}

/**
 * Triangular bands: nMels + 2 edges, evenly spaced in mel (or in Hz, melScale 'linear') from fMin to fMax; band m rises from edge m to edge m + 1
 * and falls to edge m + 2, linearly in Hz.
 *
 * A band narrower than the bin spacing sampleRate / nFft may hold no bin; its row is then zero.
 *
 * @returns `[nMels, nFft / 2 + 1]`.
 * @throws RangeError for an option out of range, TypeError for one of another kind.
 * @see `torchaudio.functional.melscale_fbanks` (its transpose) and `librosa.filters.mel` give the same numbers;
 *   melScale 'linear' those of `torchaudio.functional.linear_fbanks`, which has no norm.
 * @example
 * const { data, nBins } = melFilterbank({ sampleRate: 16000, nFft: 1024, nMels: 64, fMin: 0, fMax: 8000 });
 */
export function melFilterbank(options: MelFilterbankOptions = {}): MelFilterbank {
  const caller = 'audio-features.melFilterbank';
  checkOptions(caller, options, MEL_FILTERBANK_OPTIONS);
  const { nMels, nBins, firstBins, rise, scales } = melBands(caller, options);
  const data = new Float32Array(nMels * nBins);
  for (let m = 0; m < nMels; m++) {
    const row = data.subarray(m * nBins, (m + 1) * nBins);
    for (let k = firstBins[m]!; k < firstBins[m + 1]!; k++) row[k] = scales[m]! * rise[k]!;
    for (let k = firstBins[m + 1]!; k < firstBins[m + 2]!; k++) row[k] = scales[m]! * (1 - rise[k]!);
  }
  return { data, nMels, nBins };
}

/**
 * The filter bank without its zeros, in float64. Where band m + 1 rises, band m falls by as much, so one number a bin
 * holds the weights of both.
 */
export interface MelBands {
  nMels: number;
  nBins: number;
  /** `[nMels + 2]`: bins firstBins[j] to firstBins[j + 1] - 1 lie above edge j and not above edge j + 1. */
  firstBins: Int32Array;
  /** `[nBins]`: height of bin k in the band that rises there, 0 to 1; outside all bands without meaning. */
  rise: Float64Array;
  /** `[nMels]`: factor of each band. */
  scales: Float64Array;
}

/** The bands of {@link melFilterbank}; `caller` opens the messages. */
export function melBands(caller: string, options: MelFilterbankOptions): MelBands {
  const { sampleRate, nFft, nMels, norm, ...range } = resolveOptions(caller, options);
  const nBins = nFft / 2 + 1;
  const binWidth = sampleRate / nFft;
  const edges = bandEdges(nMels, range);
  const firstBins = Int32Array.from(edges, (edge) => Math.min(nBins, Math.floor(edge / binWidth) + 1));
  const rise = new Float64Array(nBins);
  for (let j = 0; j <= nMels; j++) {
    const width = edges[j + 1]! - edges[j]!;
    for (let k = firstBins[j]!; k < firstBins[j + 1]!; k++) {
      rise[k] = Math.min(1, Math.max(0, (k * binWidth - edges[j]!) / width)); // a bin on an edge may round past it
    }
  }
  const scales = Float64Array.from({ length: nMels }, (_, m) =>
    norm === 'slaney' ? 2 / (edges[m + 2]! - edges[m]!) : 1,
  );
  return { nMels, nBins, firstBins, rise, scales };
}

type ResolvedOptions = Required<MelFilterbankOptions>;

/** Hz, `[nMels + 2]`, evenly spaced on the scale. */
function bandEdges(
  nMels: number,
  { fMin, fMax, melScale }: Pick<ResolvedOptions, 'fMin' | 'fMax' | 'melScale'>,
): Float64Array {
  const low = hzToMel(fMin, melScale);
  const step = (hzToMel(fMax, melScale) - low) / (nMels + 1);
  return Float64Array.from({ length: nMels + 2 }, (_, i) => melToHz(low + i * step, melScale));
}

function resolveOptions(
  caller: string,
  {
    sampleRate = 16000,
    nFft = 2048,
    nMels = 224,
    fMin = 50,
    fMax = 7800,
    melScale = 'htk',
    norm = null,
  }: MelFilterbankOptions,
): ResolvedOptions {
  checkNumber(`${caller}: sampleRate`, sampleRate, ABOVE_ZERO);
  checkNFft(caller, nFft);
  checkNumber(`${caller}: nMels`, nMels, POSITIVE_COUNT);
  checkNumber(`${caller}: fMin`, fMin, AT_LEAST_ZERO);
  checkNumber(`${caller}: fMax (fMin is ${fMin})`, fMax, numberAbove(fMin));
  if (fMax > sampleRate / 2) {
    throw new RangeError(
      `${caller}: fMax must be at most half of sampleRate = ${sampleRate} Hz, got ${fMax}. Lower fMax or check the rate.`,
    );
  }
  checkOneOf(`${caller}: melScale`, melScale, MEL_SCALES);
  checkOneOf(`${caller}: norm`, norm, [null, 'slaney']);
  return { sampleRate, nFft, nMels, fMin, fMax, melScale, norm };
}
