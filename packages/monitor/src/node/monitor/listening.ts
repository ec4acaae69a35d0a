import { StreamScorer } from '../../stream/stream-scorer';
import type { AudioPiece } from '../sources/audio-source';
import type { SensorOptions } from './sensor-options';

export interface ListeningParts {
  sensor: SensorOptions;
  /** Seconds. */
  clock: () => number;
  turn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Sound that is kept after it was scored, seconds. */
  historySeconds: number;
  /** Scores a stream until it is closed. */
  score: (stream: StreamScorer) => Promise<void>;
  /** So many windows more were dropped. */
  onDropped: (nWindows: number) => void;
  onGap: (seconds: number) => void;
}

/** Sound that comes so much later than the samples before it say is a new stream: some of it is missing. */
const MAX_LAG_SECONDS = 2;

interface Current {
  stream: StreamScorer;
  sampleRate: number;
  startTime: number;
  nSamples: number;
  nDropped: number;
  /** Resolves with what scoring failed with, null for an end. */
  scored: Promise<Error | null>;
  failure: Error | null;
}

/** The sound of one opening of a source, as streams without gaps. */
export class Listening {
  readonly #parts: ListeningParts;
  #current: Current | null = null;

  constructor(parts: ListeningParts) {
    this.#parts = parts;
  }

  /** @throws what scoring has failed with */
  async take({ samples, sampleRate }: AudioPiece): Promise<void> {
    const { isLive } = this.#parts.sensor.source;
    const now = this.#parts.clock();
    await this.#closeBroken(now - samples.length / sampleRate, sampleRate);
    this.#current ??= this.#open(isLive ? now - samples.length / sampleRate : now, sampleRate);
    const current = this.#current;
    current.stream.push(samples.every(Number.isFinite) ? samples : samples.map(zeroUnlessFinite), sampleRate);
    current.nSamples += samples.length;
    this.#countDropped(current);
    if (!isLive) await Promise.race([current.stream.keptUp(), current.scored]);
    if (current.failure !== null) throw current.failure;
  }

  /** Scores what waits. @throws what scoring has failed with */
  async close(): Promise<void> {
    const current = this.#current;
    this.#current = null;
    if (current === null) return;
    current.stream.close();
    const failure = await current.scored;
    if (failure !== null) throw failure;
  }

  /** Where sound is missing, or has another rate, windows must not reach over that. */
  async #closeBroken(time: number, sampleRate: number): Promise<void> {
    if (this.#current === null) return;
    const { startTime, nSamples, sampleRate: before } = this.#current;
    const lag = this.#parts.sensor.source.isLive ? time - (startTime + nSamples / before) : 0;
    if (lag <= MAX_LAG_SECONDS && before === sampleRate) return;
    if (lag > MAX_LAG_SECONDS) this.#parts.onGap(lag);
    await this.close();
  }

  #open(startTime: number, sampleRate: number): Current {
    const { sensor, turn, historySeconds, score } = this.#parts;
    const { scorer, name, machineType, windowSeconds, hopSeconds, maxPendingSeconds } = sensor;
    const stream = new StreamScorer(scorer, {
      ...{ machineId: name.machineId, machineType, windowSeconds, hopSeconds, maxPendingSeconds },
      ...{ historySeconds, startTime, turn },
    });
    const current: Current = {
      ...{ stream, sampleRate, startTime, nSamples: 0, nDropped: 0, failure: null },
      scored: score(stream).then(
        () => null,
        (error: Error) => {
          current.failure = error;
          return error;
        },
      ),
    };
    return current;
  }

  #countDropped(current: Current): void {
    const more = current.stream.nDropped - current.nDropped;
    current.nDropped += more;
    if (more > 0) this.#parts.onDropped(more);
  }
}

function zeroUnlessFinite(sample: number): number {
  return Number.isFinite(sample) ? sample : 0;
}
