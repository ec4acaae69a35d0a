import {
  checkKind,
  checkNumber,
  checkOneOf,
  type OptionNames,
  POSITIVE_COUNT,
  wholeNumber,
} from '@serial-oe/foundation';
import { checkWaveform } from './check-waveform';
import { PAD_MODES, type PadMode, pad } from './pad';
import type { Waveform } from './waveform';

/** Options of the short-time Fourier transform, with torchaudio's names and meanings. */
export interface StftOptions {
  /** Samples of a frame, a power of two of at least 4. Default 2048. */
  nFft?: number;
  /** Samples of the Hann window, at most nFft; zeros fill the frame on both sides. Default nFft. */
  winLength?: number;
  /** Whether the window is periodic (default, torchaudio's and librosa's) or symmetric, as NumPy's `hanning`. */
  periodic?: boolean;
  /** Samples from one frame to the next. Default 256. */
  hopLength?: number;
  /** Whether frame t is centred on sample t * hopLength, the waveform padded by nFft / 2 at both ends. Default true. */
  center?: boolean;
  /** How the ends are padded where `center` is true. Default 'reflect'. */
  padMode?: PadMode;
  /** Whether the spectrum is divided by the window's L2 norm, torchaudio's `normalized=True`. Default true. */
  normalized?: boolean;
}

export const STFT_OPTIONS: OptionNames<StftOptions> = {
  nFft: true,
  winLength: true,
  periodic: true,
  hopLength: true,
  center: true,
  padMode: true,
  normalized: true,
};

/** Where the frames of a waveform lie, and their window. */
export class WindowedFrames {
  readonly nFft: number;
  readonly hopLength: number;
  /** `[nFft]`, zero outside the winLength values in the middle. */
  readonly window: Float64Array;
  readonly #options: Required<StftOptions>;

  constructor(caller: string, options: StftOptions) {
    this.#options = resolveStftOptions(caller, options);
    const { nFft, hopLength, winLength } = this.#options;
    this.nFft = nFft;
    this.hopLength = hopLength;
    this.window = new Float64Array(nFft);
    this.window.set(hannWindow(this.#options), Math.floor((nFft - winLength) / 2));
  }

  /** Frames of a clip of `length` samples; 0 where it is shorter than the first one. */
  nFrames(length: number): number {
    const { nFft, hopLength, center } = this.#options;
    const nPadded = center ? length + nFft : length;
    return nPadded < nFft ? 0 : 1 + Math.floor((nPadded - nFft) / hopLength);
  }

  /**
   * The waveform with its ends padded where `center` is true, so that it holds all frames: frame t begins at sample
   * t * hopLength. Checks the waveform; `caller` opens the messages.
   */
  pad(caller: string, waveform: Waveform): Waveform {
    const where = `${caller}: waveform`;
    const { nFft, center, padMode } = this.#options;
    checkWaveform(where, waveform);
    if (center) return pad(where, waveform, { nPad: nFft / 2, padMode });
    if (waveform.length >= nFft) return waveform;
    throw new RangeError(
      `${where} must have at least nFft = ${nFft} samples where center is false, got ${waveform.length}. ` +
        'Use a shorter nFft, a longer clip or center: true.',
    );
  }
}

/** The frame that begins at `start`, to `out` `[nFft]`. Four products a turn, as nFft is a multiple of 4: half of the time of one a turn. */
export function multiplyByWindow(
  { padded, start }: { padded: Waveform; start: number },
  window: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < out.length; i += 4) {
    const at = start + i;
    out[i] = padded[at]! * window[i]!;
    out[i + 1] = padded[at + 1]! * window[i + 1]!;
    out[i + 2] = padded[at + 2]! * window[i + 2]!;
    out[i + 3] = padded[at + 3]! * window[i + 3]!;
  }
}

function resolveStftOptions(
  caller: string,
  {
    nFft = 2048,
    winLength = nFft,
    periodic = true,
    hopLength = 256,
    center = true,
    padMode = 'reflect',
    normalized = true,
  }: StftOptions,
): Required<StftOptions> {
  checkNFft(caller, nFft);
  checkNumber(`${caller}: winLength (nFft is ${nFft})`, winLength, wholeNumber(1, nFft));
  checkNumber(`${caller}: hopLength`, hopLength, POSITIVE_COUNT);
  checkKind(`${caller}: periodic`, periodic, 'boolean');
  checkKind(`${caller}: center`, center, 'boolean');
  checkOneOf(`${caller}: padMode`, padMode, PAD_MODES);
  checkKind(`${caller}: normalized`, normalized, 'boolean');
  return { nFft, winLength, periodic, hopLength, center, padMode, normalized };
}

/** fft.js transforms powers of two alone; nFft / 2 is its size and it wants at least 2. */
export function checkNFft(caller: string, nFft: number): void {
  checkNumber(`${caller}: nFft`, nFft, wholeNumber(4, 2 ** 24));
  if (!Number.isInteger(Math.log2(nFft))) {
    const next = 2 ** Math.ceil(Math.log2(nFft));
    throw new RangeError(
      `${caller}: nFft must be a power of two, got ${nFft}. ` +
        `Use nFft ${next} with winLength ${nFft}: the same window on a finer frequency grid.`,
    );
  }
}

/** sin^2(pi n / period) of period `length`, or `length` - 1 for a symmetric window; over its L2 norm where it is `normalized`. */
function hannWindow({
  winLength: length,
  periodic,
  normalized,
}: Pick<Required<StftOptions>, 'winLength' | 'periodic' | 'normalized'>): Float64Array {
  const period = periodic ? length : length - 1;
  // A window of one sample is 1, as in torch: the formula would give 0.
  const window = Float64Array.from({ length }, (_, n) =>
    length === 1 ? 1 : Math.sin((Math.PI * n) / period) ** 2,
  );
  const norm = Math.sqrt(window.reduce((sum, value) => sum + value * value, 0));
  return normalized ? window.map((value) => value / norm) : window;
}
