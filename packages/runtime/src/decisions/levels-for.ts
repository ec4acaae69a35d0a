import { resample, type SoundLevels, soundLevels } from '@serial-oe/audio-features';
import type { ClipScorer } from '../contract/asd-system';

/**
 * The levels of a recording at the rate that the scorer works at, so that they are those that a monitor measures.
 * @throws RangeError or TypeError for a waveform that is too short or not finite
 */
export function levelsFor(
  { sampleRate }: ClipScorer['input'],
  audio: { waveform: Float32Array; sampleRate: number },
): SoundLevels {
  return soundLevels(resample(audio.waveform, audio.sampleRate, sampleRate), { sampleRate });
}
