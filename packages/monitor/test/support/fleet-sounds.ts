import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '@serial-oe/foundation';
import type { SensorName } from '../../src/index';
import type { AudioSource } from '../../src/node';
import { meanSquareScorer } from './mean-square';

export const FLEET = { base: 'test', nPartitions: 8 } as const;
export const RATE = 1000;

/** Seconds of 1000 Hz, each window takes three milliseconds. */
export const fleetScorer = () => meanSquareScorer({ sampleRate: RATE, threshold: 0.05, delayMs: 3 });

export const sensorName = (i: number): SensorName => ({
  ...{ site: 'plant', asset: `pump-${i % 7}`, sensor: `mic-${i}`, machineId: '00' },
});

/** Noise that is loud for three seconds, from another second on at each sensor; as 16 bits have it. */
export function soundOf(i: number, seconds: number): Float32Array {
  const random = seededRandom(i);
  const loudFrom = (1 + (i % 8) / 2) * RATE;
  return Float32Array.from({ length: seconds * RATE }, (_, at) => {
    const gain = at >= loudFrom && at < loudFrom + 3 * RATE ? 0.9 : 0.1;
    return Math.round(32_768 * gain * (2 * random() - 1)) / 32_768;
  });
}

/** Gives a sound at the pace of the clock, in pieces of a quarter second. */
export function clockedSource(sound: Float32Array): AudioSource {
  return {
    ...{ name: 'sound', isLive: true, isEndless: false },
    async *open(signal) {
      const begin = performance.now();
      for (let at = 0; at < sound.length && !signal.aborted; at += RATE / 4) {
        await sleep(Math.max(0, begin + (1000 * (at + RATE / 4)) / RATE - performance.now()));
        yield { samples: sound.subarray(at, at + RATE / 4), sampleRate: RATE };
      }
    },
  };
}
