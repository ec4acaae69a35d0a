import { resample } from '@serial-oe/audio-features';
import { checkNumber, isFloat32Array, POSITIVE_COUNT, show } from '@serial-oe/foundation';

/** Shortest sound with more than one moment in it, seconds. */
export const MIN_SECONDS = 0.25;

/** A recording: mono samples, full scale = 1, and their rate in Hz. */
export interface Recording {
  waveform: Float32Array;
  sampleRate: number;
}

/**
 * The samples at the scorer's rate, so that scoring them again and again resamples nothing.
 *
 * @param where opens the messages: `<package>.<function>: <parameter>`
 * @throws TypeError for another kind; RangeError for less than a quarter of a second, samples that are not finite, or a wrong rate
 */
export function atRate(where: string, { waveform, sampleRate }: Recording, rate: number): Float32Array {
  if (!isFloat32Array(waveform)) {
    throw new TypeError(`${where} must be a Float32Array, got ${show(waveform)}.`);
  }
  checkNumber(`${where}: sampleRate`, sampleRate, POSITIVE_COUNT);
  if (waveform.length < MIN_SECONDS * sampleRate) {
    throw new RangeError(
      `${where} must be at least ${MIN_SECONDS} s long, got ${waveform.length / sampleRate} s. Record longer.`,
    );
  }
  for (let i = 0; i < waveform.length; i++) {
    if (!Number.isFinite(waveform[i])) {
      throw new RangeError(`${where} must hold finite samples, got ${waveform[i]} at sample ${i}.`);
    }
  }
  return sampleRate === rate ? waveform : resample(waveform, sampleRate, rate);
}
