import { AudioError, type DecodedAudio, toMono } from '@serial-oe/audio-features';
import { readAudio } from '@serial-oe/audio-features/node';
import type { Clip } from '../clip';
import { DatasetError } from '../errors';

/**
 * The samples of a clip, mono: those it carries in memory, else those of its file (WAV, FLAC, MP3,
 * Ogg Vorbis, Opus), channels averaged.
 *
 * @returns waveform `[nSamples]`, full scale = 1, and its sample rate in Hz
 * @throws DatasetError, naming the path, where the file cannot be read or holds values that are not finite
 */
export async function loadClip(
  clip: Pick<Clip, 'path' | 'waveform' | 'sampleRate'>,
): Promise<{ waveform: Float32Array; sampleRate: number }> {
  const audio = clip.waveform ? inMemory(clip.path, clip.waveform, clip.sampleRate) : await onDisk(clip.path);
  checkFinite(audio.waveform, clip.path);
  return audio;
}

/** A recording as {@link loadRecording} reads it. */
export interface LoadedRecording extends DecodedAudio {
  /** Channels averaged, `[nSamples]`. */
  waveform: Float32Array;
}

/**
 * As {@link loadClip}, of a file: its channels and what was wrong with it beside the mono samples, by one reading.
 * @throws DatasetError, naming the path, where the file cannot be read or holds values that are not finite
 */
export async function loadRecording(path: string): Promise<LoadedRecording> {
  const recording = await onDisk(path);
  checkFinite(recording.waveform, path);
  return recording;
}

function checkFinite(waveform: Float32Array, path: string): void {
  if (waveform.every(Number.isFinite)) return;
  throw new DatasetError(
    `datasets.loadClip: samples must be finite, got NaN or Infinity in ${path}. Leave the clip out.`,
  );
}

function inMemory(path: string, waveform: Float32Array, sampleRate: number | undefined) {
  if (sampleRate === undefined) {
    throw new TypeError(
      `datasets.loadClip: a clip with a waveform must have a sampleRate, got none in ${path}.`,
    );
  }
  return { waveform, sampleRate };
}

async function onDisk(path: string): Promise<LoadedRecording> {
  try {
    const audio = await readAudio(path);
    return { ...audio, waveform: toMono(audio.channels) };
  } catch (cause) {
    throw new DatasetError(
      `datasets.loadClip: ${path} must be a readable WAV file or other recording, got: ${reasonOf(cause)}`,
      { cause },
    );
  }
}

/** What was wrong, without the path, which the message has already. */
function reasonOf(cause: unknown): string {
  const { message, code } = cause as NodeJS.ErrnoException;
  if (cause instanceof AudioError)
    return message.replace(/^audio-features\.\w+: /, '').replace(/ File: .*$/s, '');
  if (code !== undefined) return message.replace(/,? \w+ '.*$/s, '.'); // ENOENT: .., open '<path>'
  return cause instanceof Error ? message : String(cause);
}
