/** Samples of one channel, `[nSamples]`, full scale = 1. */
export type Waveform = Float32Array;

/** Decoded audio: one array a channel, all of the same length. */
export interface Audio {
  /** Samples a second, in Hz. */
  sampleRate: number;
  /** `[nChannels]` arrays of `[nSamples]`, full scale = 1. */
  channels: Float32Array[];
  /** What was wrong with the file and did not keep it from being read, in sentences. */
  warnings?: readonly string[];
}
