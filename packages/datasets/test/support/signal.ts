import { filter, highPass } from '../../src/synth/dsp/biquad';
import { power } from '../../src/synth/dsp/level';

/** The power of a ratio in dB. */
export function decibels(ratio: number): number {
  return 10 * Math.log10(ratio);
}

/** a - b, sample by sample. */
export function difference(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, i) => value - (b[i] as number));
}

/** Fourth moment over the squared second: 3 for Gaussian noise, far above for single blows. */
export function kurtosis(signal: Float32Array): number {
  let fourth = 0;
  for (let i = 0; i < signal.length; i++) {
    const square = (signal[i] as number) * (signal[i] as number);
    fourth += square * square;
  }
  return fourth / signal.length / power(signal) ** 2;
}

/** Power above a frequency in Hz. */
export function powerAbove(signal: Float32Array, frequency: number, sampleRate: number): number {
  const section = highPass({ frequency, q: Math.SQRT1_2, sampleRate });
  return power(filter(Float32Array.from(signal), section, section));
}

/** Whether two signals are the same, bit for bit (toEqual takes seconds for a long array). */
export function isSame(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}

/** Root mean square of each block. */
export function blockLevels(signal: Float32Array, blockLength: number): number[] {
  const nBlocks = Math.floor(signal.length / blockLength);
  return Array.from({ length: nBlocks }, (_, block) =>
    Math.sqrt(power(signal.subarray(block * blockLength, (block + 1) * blockLength))),
  );
}

/** Share of the energy that lies in the loudest tenth of the blocks. */
export function energyShareOfLoudestTenth(signal: Float32Array, blockLength: number): number {
  const energies = blockLevels(signal, blockLength)
    .map((level) => level ** 2)
    .sort((a, b) => b - a);
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  return sum(energies.slice(0, Math.round(energies.length / 10))) / sum(energies);
}

/** Power of the sine of this frequency in a Hann-windowed signal (Goertzel's algorithm). */
export function tonePower(signal: Float32Array, frequency: number, sampleRate: number): number {
  return goertzel(hann(signal), frequency / sampleRate);
}

/** The frequency in Hz, `from` to `to` in steps, at which the signal has most power. */
export function strongestTone(
  signal: Float32Array,
  sampleRate: number,
  { from, to, step }: { from: number; to: number; step: number },
): number {
  const windowed = hann(signal);
  let best = { frequency: from, power: 0 };
  for (let frequency = from; frequency <= to; frequency += step) {
    const found = goertzel(windowed, frequency / sampleRate);
    if (found > best.power) best = { frequency, power: found };
  }
  return best.frequency;
}

function hann(signal: Float32Array): Float32Array {
  return signal.map((value, i) => value * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / signal.length)));
}

function goertzel(windowed: Float32Array, cyclesPerSample: number): number {
  const coefficient = 2 * Math.cos(2 * Math.PI * cyclesPerSample);
  let s1 = 0;
  let s2 = 0;
  for (let i = 0; i < windowed.length; i++) {
    const s0 = (windowed[i] as number) + coefficient * s1 - s2;
    s2 = s1;
    s1 = s0;
  }
  return ((s1 * s1 + s2 * s2 - coefficient * s1 * s2) * 8) / windowed.length ** 2;
}

/** Every n-th sample of a signal that has nothing above the new Nyquist frequency worth minding. */
export function everyNth(signal: Float32Array, n: number): Float32Array {
  return Float32Array.from({ length: Math.floor(signal.length / n) }, (_, i) => signal[i * n] as number);
}
