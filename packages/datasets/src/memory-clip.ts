import type { Clip } from './clip';
import { DatasetError } from './errors';

/** The samples of a clip that carries them. */
export async function loadMemoryClip(clip: Clip): Promise<{ waveform: Float32Array; sampleRate: number }> {
  const { waveform, sampleRate, path } = clip;
  if (waveform === undefined || sampleRate === undefined) {
    throw new DatasetError(
      `datasets.loadMemoryClip: clips must carry waveform and sampleRate where there is no file system, got ${path} without.`,
    );
  }
  checkFinite(waveform, path);
  return { waveform, sampleRate };
}

/** @throws RangeError naming the recording where a sample is NaN or infinite */
export function checkFinite(waveform: Float32Array, name: string): void {
  const bad = waveform.findIndex((sample) => sample - sample !== 0);
  if (bad >= 0) {
    throw new RangeError(
      `datasets.checkFinite: samples of ${name} must be finite, got ${waveform[bad]} at sample ${bad}.`,
    );
  }
}
