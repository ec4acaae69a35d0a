import { checkInteger, checkNumber, checkOneOf } from './check';
import { hzToMel, MEL_SCALES, type MelScale, melToHz } from './mel-scale';
import { checkNFft } from './stft-frames';

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
  /** Default 'htk', torchaudio's; librosa's is 'slaney'. */
  melScale?: MelScale;
  /** 'slaney' divides each triangle by half its width in Hz (area 1). Default null, torchaudio's: peaks of 1. */
  norm?: null | 'slaney';
}

/** A filter bank, row-major mel x bin. */
export interface MelFilterbank {
  /** `[nMels, nBins]`. */
  data: Float32Array;
  nMels: number;
  /** nFft / 2 + 1. */
  nBins: number;
}

/**
 * Triangular mel bands: nMels + 2 edges, evenly spaced in mel from fMin to fMax; band m rises from edge m to edge m + 1
 * and falls to edge m + 2, linearly in Hz.
 *
 * A band narrower than the bin spacing sampleRate / nFft may hold no bin; its row is then zero.
 *
 * @returns `[nMels, nFft / 2 + 1]`.
 * @throws RangeError for an option out of range, TypeError for one of another kind.
 * @see `torchaudio.functional.melscale_fbanks` (its transpose) and `librosa.filters.mel` give the same numbers.
 * @example
 * const { data, nBins } = melFilterbank({ sampleRate: 16000, nFft: 1024, nMels: 64, fMin: 0, fMax: 8000 });
 */
export function melFilterbank(options: MelFilterbankOptions = {}): MelFilterbank {
  const { bands, nBins } = melBands('audio-features.melFilterbank', options);
  const data = new Float32Array(bands.length * nBins);
  bands.forEach(({ firstBin, weights }, m) => {
    data.set(weights, m * nBins + firstBin);
  });
  return { data, nMels: bands.length, nBins };
}

/** One row of the filter bank without its zeros. */
export interface MelBand {
  firstBin: number;
  weights: Float64Array;
}

/** The rows of {@link melFilterbank} in float64; `caller` opens the messages. */
export function melBands(
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
): { bands: MelBand[]; nBins: number } {
  checkNumber(`${caller}: sampleRate`, sampleRate, 0);
  checkNFft(caller, nFft);
  checkInteger(`${caller}: nMels`, nMels, 1);
  checkNumber(`${caller}: fMin`, fMin, 0, true);
  checkNumber(`${caller}: fMax (fMin is ${fMin})`, fMax, fMin);
  if (fMax > sampleRate / 2) {
    throw new RangeError(
      `${caller}: fMax must be at most half of sampleRate = ${sampleRate} Hz, got ${fMax}. Lower fMax or check the rate.`,
    );
  }
  checkOneOf(`${caller}: melScale`, melScale, MEL_SCALES);
  checkOneOf(`${caller}: norm`, norm, [null, 'slaney']);
  const nBins = nFft / 2 + 1;
  const edges = bandEdges({ nMels, fMin, fMax, melScale });
  const bands = Array.from({ length: nMels }, (_, m) => {
    const [low, peak, high] = edges.slice(m, m + 3) as [number, number, number];
    const scale = norm === 'slaney' ? 2 / (high - low) : 1;
    return triangle([low, peak, high], { scale, binWidth: sampleRate / nFft, nBins });
  });
  return { bands, nBins };
}

/** Hz, `[nMels + 2]`. */
function bandEdges({
  nMels,
  fMin,
  fMax,
  melScale,
}: Required<Pick<MelFilterbankOptions, 'nMels' | 'fMin' | 'fMax' | 'melScale'>>) {
  const low = hzToMel(fMin, melScale);
  const step = (hzToMel(fMax, melScale) - low) / (nMels + 1);
  return Array.from({ length: nMels + 2 }, (_, i) => melToHz(low + i * step, melScale));
}

function triangle(
  [low, peak, high]: [number, number, number],
  { scale, binWidth, nBins }: { scale: number; binWidth: number; nBins: number },
): MelBand {
  const firstBin = Math.min(nBins, Math.floor(low / binWidth) + 1); // the first bin above low
  const endBin = Math.min(nBins, Math.ceil(high / binWidth)); // the first bin not below high
  const weights = Float64Array.from({ length: Math.max(0, endBin - firstBin) }, (_, i) => {
    const frequency = (firstBin + i) * binWidth;
    const height = Math.min((frequency - low) / (peak - low), (high - frequency) / (high - peak));
    return scale * Math.max(0, height); // an edge on a bin may round below 0
  });
  return { firstBin, weights };
}
