import { checkWaveform } from './check-waveform';
import type { Waveform } from './waveform';

/**
 * The mean of the channels, sample by sample, summed in float64.
 *
 * @param channels at least one Float32Array of `[nSamples]`, all of the same length.
 * @returns `[nSamples]`, a new array.
 * @throws RangeError for no channels, an empty, non-finite or unequal channel; TypeError for other kinds.
 */
export function toMono(channels: readonly Float32Array[]): Waveform {
  const caller = 'audio-features.toMono';
  if (!Array.isArray(channels) || channels.length === 0) {
    throw new RangeError(`${caller}: channels must be an array of at least one Float32Array, got none.`);
  }
  channels.forEach((channel, c) => {
    checkWaveform(`${caller}: channels[${c}]`, channel);
    if (channel.length !== channels[0].length) {
      throw new RangeError(
        `${caller}: channels must have the same length, got ${channels[0].length} and ${channel.length} samples.`,
      );
    }
  });
  if (channels.length === 1) return channels[0].slice();
  const sums = new Float64Array(channels[0].length);
  for (const channel of channels as readonly Float32Array[]) {
    for (let i = 0; i < sums.length; i++) sums[i]! += channel[i]!;
  }
  return Float32Array.from(sums, (sum) => sum / channels.length);
}
