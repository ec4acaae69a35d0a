import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeWav } from '@serial-oe/audio-features';
import { quantile, seededRandom } from '@serial-oe/foundation';
import type { SensorName } from '@serial-oe/monitor';
import type { AudioSource } from '@serial-oe/monitor/node';
import type { ClipScorer } from '@serial-oe/runtime/contract';
import { loadFleet } from './run-node';

export interface SimulateFleetOptions {
  server: string;
  scorer: ClipScorer;
  machineId: string;
  machineType: string | undefined;
  nSensors: number;
  /** Whether they send WAV files, as by MQTT, in place of numbered pieces. */
  isWav: boolean;
  seconds: number;
  windowSeconds: number | undefined;
  hopSeconds: number | undefined;
  /** Windows that are scored at once. */
  nAtOnce: number;
  signal: AbortSignal;
  onMessage: (message: string) => void;
}

/** What one node has done. */
export interface FleetSimulation {
  nSensors: number;
  /** For so long the sensors spoke, seconds. */
  seconds: number;
  windowSeconds: number;
  hopSeconds: number;
  /** Windows that were whole, and those with a score. */
  nWindows: number;
  nScored: number;
  nMissing: number;
  windowsPerSecond: number;
  /** From a window's end to its score in the results, seconds; null where there was none. */
  latency: { p50: number; p95: number; p99: number } | null;
  /** Of scoring alone, seconds a window. */
  scoringSeconds: number | null;
  /** Share of the time in which the node was scoring. */
  load: number;
  /** Processor time of this process, all of its threads, seconds; in all, a second of sound, and a window. */
  cpuSeconds: number;
  processors: number;
  cpuSecondsPerWindow: number | null;
  /** Sensors for which one processor would be busy for four fifths of the time, by the processor time a window. */
  sensorsPerProcessor: number | null;
  /** Pieces that the sensors could not send. */
  nPiecesDropped: number;
  /** Of this process at its largest. */
  rssBytes: number;
}

type OpenFleet = Awaited<ReturnType<typeof import('@serial-oe/monitor/nats').openFleet>>;

const PIECE_SECONDS = 0.5;
const SOUND_SECONDS = 30;
/** A node that is busier than that has no room for a moment in which more comes. */
const BUSY_SHARE = 0.8;
/** Scores may come for so long after the sensors have ended. */
const LATE_MS = 5000;

/** Sensors speak, one node scores. @throws Error where a package or the server is missing */
export async function simulateFleet(options: SimulateFleetOptions): Promise<FleetSimulation> {
  const { server, scorer, machineType, windowSeconds, hopSeconds, nAtOnce, onMessage } = options;
  const { FleetNode, openFleet } = await loadFleet('fleet simulate');
  const base = `simulated-${randomUUID()}`;
  const fleet = await openFleet({ servers: server, base, audio: `${base}-sound` });
  const measured = new Measured();
  const sensor = { scorer, machineType, windowSeconds, hopSeconds };
  const node = new FleetNode(fleet, {
    ...{ sensorOptions: () => sensor, nAtOnce, onMessage },
    onEvent: (event) => event.kind === 'score' && measured.take(event),
  });
  try {
    await node.start();
    measured.start();
    const nPiecesDropped = await speak(fleet, options);
    await sleep(LATE_MS, undefined, { signal: options.signal }).catch(() => {});
    return resultOf(options, { measured, nPiecesDropped });
  } finally {
    await node.stop();
    for (const name of ['audio', 'results', 'states', 'commands'])
      await fleet.manager.streams.delete(`${base}-${name}`);
    await fleet.manager.streams.delete(`KV_${base}-fleet`);
    await fleet.close();
  }
}

class Measured {
  readonly latencies: number[] = [];
  scoringSeconds = 0;
  rssBytes = process.memoryUsage.rss();
  cpuSeconds = 0;
  #begin = process.cpuUsage();

  start(): void {
    this.#begin = process.cpuUsage();
  }

  take({ endTime, scoringSeconds }: { endTime: number; scoringSeconds: number }): void {
    this.latencies.push(Date.now() / 1000 - endTime);
    this.scoringSeconds += scoringSeconds;
    const { user, system } = process.cpuUsage(this.#begin);
    this.cpuSeconds = (user + system) / 1e6;
    this.rssBytes = Math.max(this.rssBytes, process.memoryUsage.rss());
  }
}

/** @returns pieces that could not be sent */
async function speak(
  fleet: OpenFleet,
  { scorer, machineId, nSensors, isWav, seconds, signal, onMessage }: SimulateFleetOptions,
): Promise<number> {
  const { publishAudio } = await import('@serial-oe/monitor/nats');
  const { sampleRate } = scorer.input;
  const random = seededRandom(0);
  const noise = Float32Array.from({ length: SOUND_SECONDS * sampleRate }, () => 0.2 * random() - 0.1);
  const sent = await Promise.all(
    Array.from({ length: nSensors }, async (_, i) => {
      const name = { site: 'simulated', asset: 'machine', sensor: `mic-${i}`, machineId };
      const source = noiseSource(noise, { sampleRate, seconds, delay: (i / nSensors) * PIECE_SECONDS });
      return isWav
        ? publishFiles(fleet, { name, source, signal })
        : publishAudio(fleet, { name, source, signal, onMessage });
    }),
  );
  return sent.reduce((sum, { nDropped }) => sum + nDropped, 0);
}

/** What comes from a sensor that speaks MQTT: a WAV file a piece, without numbers. */
async function publishFiles(
  { audio, client, nPartitions }: OpenFleet,
  { name, source, signal }: { name: SensorName; source: AudioSource; signal: AbortSignal },
): Promise<{ nDropped: number }> {
  const { partitionOf } = await import('@serial-oe/monitor/nats');
  const { site, asset, sensor } = name;
  const subject = [audio, partitionOf(name, nPartitions), site, asset, sensor].join('.');
  let nDropped = 0;
  for await (const { samples, sampleRate } of source.open(signal)) {
    await client.publish(subject, encodeWav({ sampleRate, channels: [samples] })).catch(() => nDropped++);
  }
  return { nDropped };
}

/** Part after part of a sound, from its begin again, at the pace of the clock. */
function noiseSource(
  noise: Float32Array,
  { sampleRate, seconds, delay }: { sampleRate: number; seconds: number; delay: number },
): AudioSource {
  const length = Math.round(PIECE_SECONDS * sampleRate);
  return {
    ...{ name: 'noise', isLive: true, isEndless: false },
    async *open(signal) {
      const begin = performance.now() + 1000 * delay;
      for (let i = 0; i < seconds / PIECE_SECONDS && !signal.aborted; i++) {
        const due = begin + (i + 1) * 1000 * PIECE_SECONDS - performance.now();
        await sleep(Math.max(0, due));
        const at = (i * length) % (noise.length - length + 1);
        yield { samples: noise.subarray(at, at + length), sampleRate };
      }
    },
  };
}

function resultOf(
  { scorer, nSensors, seconds, windowSeconds, hopSeconds }: SimulateFleetOptions,
  { measured, nPiecesDropped }: { measured: Measured; nPiecesDropped: number },
): FleetSimulation {
  const { chunkSeconds, clipSeconds = 0 } = scorer.input;
  const window = windowSeconds ?? Math.max(clipSeconds, chunkSeconds);
  const hop = hopSeconds ?? window / 2;
  const spoken = PIECE_SECONDS * Math.ceil(seconds / PIECE_SECONDS);
  const nWindows = nSensors * Math.max(0, Math.floor((spoken - window) / hop + 1e-9) + 1);
  const { scoringSeconds, rssBytes, cpuSeconds } = measured;
  const latencies = Float64Array.from(measured.latencies).sort();
  const nScored = latencies.length;
  const at = (share: number) => quantile(latencies, share);
  const perWindow = nScored === 0 ? null : cpuSeconds / nScored;
  return {
    ...{ nSensors, seconds: spoken, windowSeconds: window, hopSeconds: hop },
    ...{ nWindows, nScored, nMissing: nWindows - nScored, windowsPerSecond: nScored / spoken },
    latency: nScored === 0 ? null : { p50: at(0.5), p95: at(0.95), p99: at(0.99) },
    scoringSeconds: nScored === 0 ? null : scoringSeconds / nScored,
    ...{ load: scoringSeconds / spoken, cpuSeconds, processors: cpuSeconds / spoken },
    cpuSecondsPerWindow: perWindow,
    sensorsPerProcessor: perWindow === null ? null : Math.floor((BUSY_SHARE * hop) / perWindow),
    ...{ nPiecesDropped, rssBytes },
  };
}
