import { ABOVE_ZERO, checkNumber, FINITE } from '@serial-oe/foundation';
import { checkWaveform, isAllFinite } from './check-waveform';
import type { Waveform } from './waveform';

/** Mean and population standard deviation of a set of waveforms, in units of full scale. */
export interface AmplitudeStatistics {
  mean: number;
  std: number;
}

/**
 * Mean and population standard deviation (divided by n) of all samples of the waveforms added so far, in float64.
 *
 * Sums of squares are taken about each waveform's own mean and merged with the pairwise update
 * M2 = M2a + M2b + (mean_b - mean_a)^2 na nb / (na + nb), so an offset does not cost digits.
 *
 * @see T. F. Chan, G. H. Golub, R. J. LeVeque, "Updating formulae and a pairwise algorithm for computing sample
 *   variances", Stanford STAN-CS-79-773 (1979), Eq. 2.1.
 * @example
 * const amplitude = new AmplitudeAccumulator();
 * for (const path of paths) amplitude.add(toMono((await readWav(path)).channels));
 * const normalized = normalizeAmplitude(clip, amplitude.statistics());
 */
export class AmplitudeAccumulator {
  #n = 0;
  #mean = 0;
  #squares = 0;

  /**
   * Takes one waveform in.
   * @param waveform Float32Array of `[nSamples]`.
   * @throws RangeError for an empty or non-finite waveform; TypeError for other kinds.
   */
  add(waveform: Waveform): void {
    checkWaveform('audio-features.AmplitudeAccumulator.add: waveform', waveform);
    const part = ownMoments(waveform);
    const delta = part.mean - this.#mean;
    const total = this.#n + waveform.length;
    this.#mean += (delta * waveform.length) / total;
    this.#squares += part.squares + (delta * delta * this.#n * waveform.length) / total;
    this.#n = total;
  }

  /** @throws RangeError before any waveform was added. */
  statistics(): AmplitudeStatistics {
    if (this.#n === 0) {
      throw new RangeError(
        'audio-features.AmplitudeAccumulator.statistics: at least one waveform must have been added, got none.',
      );
    }
    return { mean: this.#mean, std: Math.sqrt(this.#squares / this.#n) };
  }
}

/**
 * Mean and population standard deviation (divided by n) of all samples of all waveforms, in float64.
 *
 * The waveforms are asked for once, one after the other, so a generator that reads files keeps one of them in memory.
 * Where they come asynchronously, use {@link AmplitudeAccumulator}, which this is made of.
 *
 * @param waveforms at least one Float32Array of `[nSamples]`; lengths may differ.
 * @returns `std` is 0 for constant data; {@link normalizeAmplitude} refuses that.
 * @throws RangeError for no waveforms, an empty or non-finite one; TypeError for other kinds.
 * @example
 * const statistics = amplitudeStatistics(trainingClips);
 * const normalized = normalizeAmplitude(clip, statistics);
 */
export function amplitudeStatistics(waveforms: Iterable<Waveform>): AmplitudeStatistics {
  const caller = 'audio-features.amplitudeStatistics';
  const accumulator = new AmplitudeAccumulator();
  let index = 0;
  for (const waveform of waveforms) {
    checkWaveform(`${caller}: waveforms[${index++}]`, waveform);
    accumulator.add(waveform);
  }
  if (index === 0) {
    throw new RangeError(
      `${caller}: waveforms must hold at least one waveform, got none. Check the training split.`,
    );
  }
  return accumulator.statistics();
}

function ownMoments(waveform: Waveform): { mean: number; squares: number } {
  let sum = 0;
  for (let i = 0; i < waveform.length; i++) sum += waveform[i]!;
  const mean = sum / waveform.length;
  let squares = 0;
  for (let i = 0; i < waveform.length; i++) squares += (waveform[i]! - mean) ** 2;
  return { mean, squares };
}

/** Constant samples of float32 keep this share of their mean as a deviation when summed: rounding, no sound. */
const ROUNDING = 2 ** -26;

/**
 * (sample - mean) / std, sample by sample.
 *
 * @param waveform `[nSamples]`.
 * @returns `[nSamples]`, a new array, finite.
 * @throws RangeError for an empty or non-finite waveform, a mean that is not finite, a std that is not above 0 or so small
 *   beside the mean that it is rounding (silent or constant data have it), or samples so far from the mean that the result is
 *   beyond float32; TypeError for other kinds.
 */
export function normalizeAmplitude(waveform: Waveform, { mean, std }: AmplitudeStatistics): Waveform {
  const caller = 'audio-features.normalizeAmplitude';
  checkWaveform(`${caller}: waveform`, waveform);
  checkNumber(`${caller}: mean`, mean, FINITE);
  const cause = 'The data behind the statistics are silent or constant: check the recordings.';
  if (std === 0) throw new RangeError(`${caller}: std must be above 0, got 0. ${cause}`);
  checkNumber(`${caller}: std`, std, ABOVE_ZERO);
  if (std <= ROUNDING * Math.abs(mean)) {
    throw new RangeError(
      `${caller}: std must be more than the rounding of the mean of ${mean}, got ${std}. ${cause}`,
    );
  }
  const normalized = new Float32Array(waveform.length);
  for (let i = 0; i < normalized.length; i++) normalized[i] = (waveform[i]! - mean) / std;
  if (!isAllFinite(normalized)) {
    const index = normalized.findIndex((sample) => !Number.isFinite(sample));
    throw new RangeError(
      `${caller}: samples must be within the range of float32 once divided by the std of ${std}, got ${waveform[index]} at ` +
        `index ${index}. The recording is damaged or not on the scale of the statistics, or these are of silence.`,
    );
  }
  return normalized;
}
