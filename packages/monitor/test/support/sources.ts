import { seededRandom } from '@serial-oe/foundation';
import { type AudioSource, AudioSourceError } from '../../src/node';

export const RATE = 1000;

/** A second of noise of a mean square. */
export function noise(meanSquare: number, seed = 0): Float32Array {
  const random = seededRandom(seed, 'noise');
  return Float32Array.from({ length: RATE }, () => Math.sqrt(12 * meanSquare) * (random() - 0.5));
}

/** Pieces one after the other, as a file gives them. */
export function recordedSource(pieces: Iterable<Float32Array>, name = 'recorded'): AudioSource {
  return {
    ...{ name, isLive: false, isEndless: false },
    async *open(signal) {
      for (const samples of pieces) {
        if (signal.aborted) return;
        yield { samples, sampleRate: RATE };
      }
    },
  };
}

/** A live source of which each opening gives some pieces, `gapMs` apart, and then breaks off; after the last one it waits for the signal. */
export function liveSource(openings: Float32Array[][], gapMs = 1): AudioSource & { nOpened: number } {
  const source = {
    ...{ name: 'live', isLive: true, isEndless: true, nOpened: 0 },
    async *open(signal: AbortSignal) {
      const pieces = openings[source.nOpened++] ?? [];
      for (const samples of pieces) {
        if (signal.aborted) return;
        yield { samples, sampleRate: RATE };
        await new Promise((resolve) => setTimeout(resolve, gapMs));
      }
      if (source.nOpened < openings.length) throw new AudioSourceError('monitor: live broke off');
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve());
      });
    },
  };
  return source;
}
