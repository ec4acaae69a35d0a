import { ABOVE_ZERO, checkNumber, checkOneOf, checkOptions, type OptionNames } from '@serial-oe/foundation';
import type { SensorName } from '../events';
import type { AudioSource } from '../node/sources/audio-source';
import { encodePiece, SENT_ENCODINGS, type SentEncoding, type SentPiece } from './audio-messages';
import type { Fleet } from './open-fleet';
import { StreamCutter } from './stream-cutter';
import { partitionOf, sensorSubject } from './subjects';
import { untilSent } from './until-sent';

export interface PublishAudioOptions {
  name: SensorName;
  source: AudioSource;
  /** Default `s16le`, what microphones give; `f32le` for sound that was computed. */
  encoding?: SentEncoding | undefined;
  /** Sound that waits while the server is away, seconds; of more, the oldest is dropped. Default 60. */
  maxWaitingSeconds?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Of a server that is away, once for a problem. */
  onMessage?: ((message: string) => void) | undefined;
}

const OPTIONS: OptionNames<PublishAudioOptions> = {
  name: true,
  source: true,
  encoding: true,
  maxWaitingSeconds: true,
  signal: true,
  onMessage: true,
};

const ACK_MS = 3000;

/** What one sensor has sent. */
export interface PublishedAudio {
  nPieces: number;
  /** Pieces that were dropped since the server was away for too long. */
  nDropped: number;
}

/**
 * A sensor's side: sends a source's sound into the fleet, on `<audio>.<partition>.<site>.<asset>.<sensor>`, each piece until the server has
 * confirmed it; its message ID keeps it from standing in the stream twice.
 *
 * @returns at the end of the source, or after `signal`, once what waits is sent
 * @throws RangeError or TypeError naming the option, and what the source throws
 */
export async function publishAudio(fleet: Fleet, options: PublishAudioOptions): Promise<PublishedAudio> {
  const where = 'monitor.publishAudio';
  checkOptions(where, options, OPTIONS);
  const { name, source, encoding = 's16le', maxWaitingSeconds = 60, onMessage = () => {} } = options;
  const signal = options.signal ?? new AbortController().signal;
  checkOneOf(`${where}: encoding`, encoding, SENT_ENCODINGS);
  checkNumber(`${where}: maxWaitingSeconds`, maxWaitingSeconds, ABOVE_ZERO);
  const sensor = sensorSubject(where, name);
  const subject = `${fleet.audio}.${partitionOf(name, fleet.nPartitions)}.${sensor}`;
  const cutter = new StreamCutter({ isLive: source.isLive });
  const sender = new Sender({ fleet, subject, sensor, encoding, maxWaitingSeconds, signal, onMessage });
  try {
    for await (const piece of source.open(signal)) {
      sender.add({ ...piece, ...cutter.next(piece, Date.now()), machineId: name.machineId });
      if (!source.isLive) await sender.sent();
    }
  } finally {
    await sender.sent(); // also of a source that broke off: the next one's sound comes after
  }
  return { nPieces: sender.nPieces, nDropped: sender.nDropped };
}

interface SenderParts {
  fleet: Fleet;
  subject: string;
  sensor: string;
  encoding: SentEncoding;
  maxWaitingSeconds: number;
  signal: AbortSignal;
  onMessage: (message: string) => void;
}

/** One piece after the other, so that they stand in the stream in order. */
class Sender {
  nPieces = 0;
  nDropped = 0;
  readonly #parts: SenderParts;
  readonly #waiting: SentPiece[] = [];
  #waitingSeconds = 0;
  #sending: Promise<void> | null = null;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  add(piece: SentPiece): void {
    this.#waiting.push(piece);
    this.#waitingSeconds += piece.samples.length / piece.sampleRate;
    while (this.#waitingSeconds > this.#parts.maxWaitingSeconds && this.#waiting.length > 1) {
      this.#takeFirst();
      this.nDropped++;
    }
    this.#sending ??= this.#send();
  }

  async sent(): Promise<void> {
    await this.#sending;
  }

  #takeFirst(): SentPiece {
    const piece = this.#waiting.shift()!;
    this.#waitingSeconds -= piece.samples.length / piece.sampleRate;
    return piece;
  }

  async #send(): Promise<void> {
    while (this.#waiting.length > 0) {
      const isSent = await this.#sendPiece(this.#takeFirst());
      if (isSent) this.nPieces++;
      else this.nDropped++;
      if (!isSent && this.#parts.signal.aborted) this.nDropped += this.#waiting.splice(0).length;
    }
    this.#sending = null;
  }

  /** @returns false where it was given up: the signal came, or there is newer sound than may wait */
  async #sendPiece(piece: SentPiece): Promise<boolean> {
    const { fleet, subject, sensor, encoding, maxWaitingSeconds, signal, onMessage } = this.#parts;
    const { data, headers } = encodePiece(piece, encoding);
    const msgID = `${sensor}/${piece.stream}/${piece.sequence}`;
    const seconds = piece.samples.length / piece.sampleRate;
    const isTooOld = () => this.#waitingSeconds + seconds > maxWaitingSeconds && this.#waiting.length > 0;
    let last = '';
    return untilSent(
      () => fleet.client.publish(subject, data, { headers, msgID, timeout: ACK_MS, retries: 1 }),
      {
        signal,
        isGivenUp: () => signal.aborted || fleet.connection.isClosed() || isTooOld(),
        onProblem: (message) => {
          if (message !== last) onMessage(`${sensor}: ${message}; it is tried again`);
          last = message;
        },
      },
    );
  }
}
