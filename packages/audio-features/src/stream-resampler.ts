import { checkNumber, checkOptions, type OptionNames, POSITIVE_COUNT } from '@serial-oe/foundation';
import { checkFloat32Array, checkWaveform } from './check-waveform';
import { resample } from './resample';
import type { Waveform } from './waveform';

export interface StreamResamplerOptions {
  /** Hz, a whole number. */
  fromRate: number;
  /** Hz, a whole number, at most a thousand times more or less. */
  toRate: number;
}

const OPTIONS: OptionNames<StreamResamplerOptions> = { fromRate: true, toRate: true };

/**
 * Samples of the lower rate that are resampled on each side of a block and thrown away. The low-pass of {@link resample} falls by e
 * in about 22 of them: what is outside shows below 1e-10.
 */
const GUARD = 512;
/** A block, in guards: longer ones cost less and come later. */
const BLOCK_GUARDS = 4;

/**
 * {@link resample} for sound that comes in pieces: the outputs of all pieces one after the other are what `resample` makes of the whole,
 * to the rounding of float32, however it is cut.
 *
 * It works in blocks of whole periods of the two rates, each with what lies before and behind it, so that the result lags by at most
 * three thousand samples of the lower rate (0.2 s at 16 kHz) or three seconds where the rates have no common divisor.
 *
 * @example
 * const resampler = new StreamResampler({ fromRate: 44100, toRate: 16000 });
 * for await (const samples of microphone) use(resampler.push(samples));
 * use(resampler.end());
 */
export class StreamResampler {
  readonly fromRate: number;
  readonly toRate: number;
  /** Input and output samples of the shortest stretch that both rates divide. */
  readonly #period: { from: number; to: number };
  /** In periods. */
  readonly #guard: number;
  readonly #block: number;
  /** Input from `#first` periods on. */
  #pending: Waveform = new Float32Array(0);
  #first = 0;
  /** Periods whose output has been given. */
  #done = 0;
  #hasEnded = false;

  /** @throws RangeError for rates that are no whole numbers of at least 1 or too far apart, TypeError for other kinds */
  constructor(options: StreamResamplerOptions) {
    const where = 'audio-features.StreamResampler';
    checkOptions(where, options, OPTIONS);
    const { fromRate, toRate } = options;
    checkNumber(`${where}: fromRate`, fromRate, POSITIVE_COUNT);
    checkNumber(`${where}: toRate`, toRate, POSITIVE_COUNT);
    if (fromRate !== toRate) resample(new Float32Array(1), fromRate, toRate); // says what is wrong with the rates
    this.fromRate = fromRate;
    this.toRate = toRate;
    const divisor = greatestCommonDivisor(fromRate, toRate);
    this.#period = { from: fromRate / divisor, to: toRate / divisor };
    this.#guard = Math.ceil(GUARD / Math.min(this.#period.from, this.#period.to));
    this.#block = BLOCK_GUARDS * this.#guard;
  }

  /**
   * @param samples any number of them, finite; none gives none
   * @returns the output samples that are final now; a new array
   * @throws RangeError for samples that are not finite (the piece is not taken), TypeError for another kind, Error after `end`
   */
  push(samples: Waveform): Waveform {
    const where = 'audio-features.StreamResampler.push: samples';
    this.#checkOpen(where);
    checkFloat32Array(where, samples);
    if (samples.length === 0) return new Float32Array(0);
    checkWaveform(where, samples);
    if (this.fromRate === this.toRate) return samples.slice();
    this.#pending = joined([this.#pending, samples]);
    const outputs: Waveform[] = [];
    const { from } = this.#period;
    const isReady = () =>
      this.#first * from + this.#pending.length >= (this.#done + this.#block + this.#guard) * from;
    while (isReady()) outputs.push(this.#nextBlock());
    return joined(outputs);
  }

  /** The rest of the output; the stream is over. @throws Error when called again */
  end(): Waveform {
    this.#checkOpen('audio-features.StreamResampler.end');
    this.#hasEnded = true;
    if (this.#pending.length === 0) return new Float32Array(0);
    const output = resample(this.#pending, this.fromRate, this.toRate);
    this.#pending = new Float32Array(0);
    return output.slice((this.#done - this.#first) * this.#period.to);
  }

  #nextBlock(): Waveform {
    const { from, to } = this.#period;
    const nBefore = this.#done - this.#first;
    const nPeriods = nBefore + this.#block + this.#guard;
    const output = resample(this.#pending.subarray(0, nPeriods * from), this.fromRate, this.toRate);
    this.#done += this.#block;
    const first = Math.max(0, this.#done - this.#guard);
    this.#pending = this.#pending.slice((first - this.#first) * from);
    this.#first = first;
    return output.slice(nBefore * to, (nBefore + this.#block) * to);
  }

  #checkOpen(where: string): void {
    if (this.#hasEnded)
      throw new Error(`${where}: the stream must not have ended. Make a new StreamResampler.`);
  }
}

function joined(parts: readonly Waveform[]): Waveform {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
