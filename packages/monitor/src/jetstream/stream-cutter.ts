import type { AudioPiece } from '../node/sources/audio-source';
import type { PieceNumbers } from './audio-messages';

/** Sound of a live source that comes so much later than the samples before it say begins a new stream: some of it is missing. */
const MAX_LAG_MS = 2000;

/** Where a stream goes on. */
export interface StreamPlace {
  stream: number;
  position: number;
  sampleRate: number;
}

/** Numbers the pieces of a source, in streams without gaps. */
export class StreamCutter {
  readonly #isLive: boolean;
  #stream: number;
  #position: number;
  #sampleRate: number;
  #sequence = 0;

  /** @param from where another one stopped; default at no stream */
  constructor({ isLive, from }: { isLive: boolean; from?: StreamPlace | undefined }) {
    this.#isLive = isLive;
    this.#stream = from?.stream ?? 0;
    this.#position = from?.position ?? 0;
    this.#sampleRate = from?.sampleRate ?? 0;
  }

  /** @param now when it came, Unix time, ms */
  next({ samples, sampleRate }: AudioPiece, now: number): PieceNumbers {
    const startsAt = this.#isLive ? now - (1000 * samples.length) / sampleRate : now;
    const expected = this.#stream + (1000 * this.#position) / sampleRate;
    const isLate = this.#isLive && startsAt - expected > MAX_LAG_MS;
    if (this.#sampleRate !== sampleRate || isLate) {
      this.#stream = Math.max(Math.round(startsAt), this.#stream + 1);
      this.#sampleRate = sampleRate;
      this.#sequence = 0;
      this.#position = 0;
    }
    const [sequence, position] = [this.#sequence++, this.#position];
    this.#position += samples.length;
    return { stream: this.#stream, sequence, position };
  }
}
