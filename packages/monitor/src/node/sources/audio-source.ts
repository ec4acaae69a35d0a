/** Sound as a source gives it. */
export interface AudioPiece {
  /** Mono, full scale = 1. */
  samples: Float32Array;
  /** Hz. */
  sampleRate: number;
}

/** Something that can be listened to, again and again. */
export interface AudioSource {
  /** For messages: `arecord hw:1`, `pump.wav`. */
  readonly name: string;
  /** Whether it gives sound at the pace of the clock; a file gives it as fast as it can. */
  readonly isLive: boolean;
  /** Whether it should be started again when it ends. */
  readonly isEndless: boolean;
  /**
   * Starts it. The iteration ends with the source, and with `signal`.
   * @throws AudioSourceError where it cannot be opened or breaks off
   */
  open(signal: AbortSignal): AsyncIterable<AudioPiece>;
}

/** A source that cannot be opened or has broken off; the message says what it said. */
export class AudioSourceError extends Error {
  override name = 'AudioSourceError';
}
