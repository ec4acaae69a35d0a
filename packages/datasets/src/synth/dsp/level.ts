/** Amplitude ratio of a level in dB. */
export function fromDb(level: number): number {
  return 10 ** (level / 20);
}

/** Mean square of a signal. */
export function power(signal: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < signal.length; i++) sum += signal[i]! ** 2;
  return sum / signal.length;
}

/** Multiplies in place; returns the signal. */
export function scale(signal: Float32Array, gain: number): Float32Array {
  for (let i = 0; i < signal.length; i++) signal[i] = signal[i]! * gain;
  return signal;
}

/** Scales in place to a root mean square; silence stays silence. */
export function scaleToRms(signal: Float32Array, rms: number): Float32Array {
  const measured = Math.sqrt(power(signal));
  return measured > 0 ? scale(signal, rms / measured) : signal;
}

/** Adds `gain * signal` into the beginning of `out`. */
export function mixInto(out: Float32Array, signal: Float32Array, gain = 1): void {
  for (let i = 0; i < signal.length; i++) out[i] = out[i]! + gain * signal[i]!;
}

/** Multiplies `signal` in place by an envelope of the same length; returns the signal. */
export function shape(signal: Float32Array, envelope: Float32Array): Float32Array {
  for (let i = 0; i < signal.length; i++) signal[i] = signal[i]! * envelope[i]!;
  return signal;
}
