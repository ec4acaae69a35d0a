import { isFloat32Array, show } from '@serial-oe/foundation';

/**
 * Checks that a value is a Float32Array with at least one sample, all of them finite; `where` opens each message.
 *
 * @throws TypeError for another kind; RangeError for an empty array, NaN or an infinite sample.
 */
export function checkWaveform(where: string, waveform: unknown): asserts waveform is Float32Array {
  checkFloat32Array(where, waveform);
  if (waveform.length === 0) {
    throw new RangeError(`${where} must hold at least one sample, got an empty array.`);
  }
  if (!isAllFinite(waveform)) {
    const index = waveform.findIndex((sample) => !Number.isFinite(sample));
    throw new RangeError(
      `${where} must hold finite samples, got ${waveform[index]} at index ${index}. Leave the clip out or repair it.`,
    );
  }
}

/** Checks the kind alone. */
export function checkFloat32Array(where: string, value: unknown): asserts value is Float32Array {
  if (!isFloat32Array(value)) {
    throw new TypeError(
      `${where} must be a Float32Array, got ${show(value)}. Float32Array.from(samples) makes one.`,
    );
  }
}

/** False where a NaN or an infinity is among the values: both times 0 are NaN. */
export function isAllFinite(values: ArrayLike<number>): boolean {
  let zero = 0;
  for (let i = 0; i < values.length; i++) zero += values[i]! * 0;
  return zero === 0;
}
