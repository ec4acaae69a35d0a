import type { MonitorEvent } from '../../src/index';
import type { Fleet } from '../../src/nats';
import type { AudioSource } from '../../src/node';
import { RATE } from './fleet-sounds';

/** Gives a sound as fast as it is taken, in pieces of a quarter second. */
export function quickSource(sound: Float32Array): AudioSource {
  return {
    ...{ name: 'sound', isLive: false, isEndless: false },
    async *open() {
      for (let at = 0; at < sound.length; at += RATE / 4) {
        yield { samples: sound.subarray(at, at + RATE / 4), sampleRate: RATE };
      }
    },
  };
}

/** Noise of a level for so many seconds each; as 16 bits have it. */
export function levels(random: () => number, ...parts: [level: number, seconds: number][]): Float32Array {
  return Float32Array.from(
    parts.flatMap(([level, seconds]) =>
      Array.from({ length: seconds * RATE }, () => Math.round(32_768 * level * (2 * random() - 1)) / 32_768),
    ),
  );
}

/** All that stands in the results. */
export async function toldOf(fleet: Fleet): Promise<MonitorEvent[]> {
  const name = `${fleet.base}-results`;
  const { messages, last_seq: last } = (await fleet.manager.streams.info(name)).state;
  const told: MonitorEvent[] = [];
  if (messages === 0) return told;
  const consumer = await fleet.client.consumers.get(name, {});
  for await (const message of await consumer.consume()) {
    told.push(message.json());
    if (message.seq === last) break;
  }
  return told;
}
