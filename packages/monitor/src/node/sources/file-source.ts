import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { toMono } from '@serial-oe/audio-features';
import { readAudio } from '@serial-oe/audio-features/node';
import type { AudioPiece, AudioSource } from './audio-source';
import { AudioSourceError } from './audio-source';

/** Of a file as much is given at once, seconds. */
const PIECE_SECONDS = 1;

/** A recording, as fast as it is taken; of any kind that `readAudio` reads. */
export function fileSource(path: string): AudioSource {
  return {
    name: basename(path),
    isLive: false,
    isEndless: false,
    open: (signal) => readPieces(path, signal),
  };
}

async function* readPieces(path: string, signal: AbortSignal): AsyncGenerator<AudioPiece> {
  const { sampleRate, channels } = await readAudio(path).catch((cause: Error) => {
    throw new AudioSourceError(`monitor: ${cause.message}`, { cause });
  });
  const waveform = toMono(channels);
  const length = Math.round(PIECE_SECONDS * sampleRate);
  for (let at = 0; at < waveform.length && !signal.aborted; at += length) {
    yield { samples: waveform.subarray(at, at + length), sampleRate };
    await setImmediate(); // whoever else waits gets its turn
  }
}
