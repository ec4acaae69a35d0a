import { SampleBuffer } from '../stream/sample-buffer';
import type { SentPiece } from './audio-messages';

/** A piece and its place in JetStream's stream. */
export interface PlacedPiece extends SentPiece {
  place: number;
}

/** Where a sensor's scoring goes on: what is in a memory. */
export interface WindowPlace {
  /** The sensor's stream, see SentPiece; 0 before one was heard. */
  stream: number;
  /** First sample of the next window. */
  next: number;
  /** First sample that was not looked at, see {@link SensorWindows.second}. */
  heard: number;
  /** Place in JetStream of the first piece that is still needed, and its first sample. */
  place: number;
  position: number;
  /** 0 before one was heard. */
  sampleRate: number;
  nDropped: number;
}

/** Seconds. */
export interface WindowSeconds {
  window: number;
  hop: number;
  /** Sound that is kept behind what is still to be scored. */
  history: number;
}

/** Cuts the sound of a sensor into windows; what it does depends on the pieces alone, not on when and to which node they came. */
export class SensorWindows {
  readonly #seconds: WindowSeconds;
  #stream: number;
  #next: number;
  #nDropped: number;
  #heard: number;
  #lastPlace: number;
  #sampleRate: number;
  #buffer: SampleBuffer | null = null;
  /** Position of the buffer's first sample in the stream. */
  #origin = 0;
  /** Pieces that are still needed. */
  #pieces: { place: number; position: number; end: number }[] = [];

  constructor(seconds: WindowSeconds, from: WindowPlace) {
    this.#seconds = seconds;
    this.#stream = from.stream;
    this.#next = from.next;
    this.#heard = from.heard;
    this.#nDropped = from.nDropped;
    this.#lastPlace = from.place - 1;
    this.#sampleRate = from.sampleRate;
    this.#origin = from.position;
  }

  /** Of the sound so far, Unix time, seconds. */
  get endTime(): number {
    return this.#timeOf(this.#end);
  }

  get stream(): number {
    return this.#stream;
  }

  /** Of the last piece that was taken. */
  get lastPlace(): number {
    return this.#lastPlace;
  }

  get place(): WindowPlace {
    const { place, position } = this.#pieces[0] ?? { place: this.#lastPlace + 1, position: this.#end };
    return {
      ...{ stream: this.#stream, next: this.#next, heard: this.#heard, place, position },
      ...{ sampleRate: this.#sampleRate, nDropped: this.#nDropped },
    };
  }

  /** Whether it is the piece after the last one that was taken; otherwise there may be others between. */
  follows({ stream, position }: Pick<PlacedPiece, 'stream' | 'position'>): boolean {
    return this.#buffer !== null && stream === this.#stream && position === this.#end;
  }

  /** Pieces come in the order of their places; one that was taken already changes nothing. */
  take(piece: PlacedPiece): void {
    const { place, stream, position, samples, sampleRate } = piece;
    if (place <= this.#lastPlace) return;
    this.#lastPlace = place;
    if (stream < this.#stream) return; // of a time before the sensor began again
    if (stream > this.#stream) this.#begin(stream);
    this.#sampleRate = sampleRate;
    if (this.#buffer === null || position > this.#end) this.#jump(position);
    const fresh = samples.subarray(Math.max(0, this.#end - position));
    if (fresh.length === 0) return;
    this.#buffer!.append(fresh);
    this.#pieces.push({ place, position: this.#end - fresh.length, end: this.#end });
  }

  /** The next window, if all of it has come; {@link done} goes on to the one after it. */
  window(): {
    waveform: Float32Array;
    start: number;
    time: number;
    endTime: number;
    sampleRate: number;
  } | null {
    const [sampleRate, start] = [this.#sampleRate, this.#next];
    const end = start + Math.round(this.#seconds.window * sampleRate);
    if (this.#buffer === null || this.#end < end) return null;
    const waveform = this.#buffer.slice(start - this.#origin, end - this.#origin);
    return { waveform, start, time: this.#timeOf(start), endTime: this.#timeOf(end), sampleRate };
  }

  /** The next second of sound that was not looked at, if all of it has come; with the time of its end. */
  second(): { samples: Float32Array; sampleRate: number; time: number } | null {
    const [sampleRate, start] = [this.#sampleRate, this.#heard];
    const end = start + Math.round(sampleRate);
    if (this.#buffer === null || this.#end < end) return null;
    this.#heard = end;
    const samples = this.#buffer.slice(start - this.#origin, end - this.#origin);
    return { samples, sampleRate, time: this.#timeOf(end) };
  }

  /** Sound that is kept or waits, of Unix times in seconds; less where it is kept no longer or has not come. */
  recent(time: number, endTime: number): Float32Array {
    const at = (seconds: number) =>
      Math.round((seconds - this.#stream / 1000) * this.#sampleRate) - this.#origin;
    return this.#buffer?.slice(at(time), at(endTime)) ?? new Float32Array(0);
  }

  /** @param keptFrom sound from that Unix time on is kept, seconds; default what `history` says */
  done(keptFrom = Number.POSITIVE_INFINITY): void {
    this.#next += this.#hop;
    this.#forget(keptFrom);
  }

  get #end(): number {
    return this.#origin + (this.#buffer?.end ?? 0);
  }

  get #hop(): number {
    return Math.max(1, Math.round(this.#seconds.hop * this.#sampleRate));
  }

  #begin(stream: number): void {
    this.#stream = stream;
    this.#next = 0;
    this.#heard = 0;
    this.#buffer = null;
    this.#pieces = [];
  }

  /** Sound goes on at a position; windows that begin before it cannot be whole. */
  #jump(position: number): void {
    this.#buffer = new SampleBuffer();
    this.#origin = position;
    this.#pieces = [];
    this.#heard = Math.max(this.#heard, position);
    if (position <= this.#next) return;
    const n = Math.ceil((position - this.#next) / this.#hop);
    this.#next += n * this.#hop;
    this.#nDropped += n;
  }

  #forget(keptFrom: number): void {
    const history = Math.round(this.#seconds.history * this.#sampleRate);
    const kept = Math.floor((keptFrom - this.#stream / 1000) * this.#sampleRate);
    const first = Math.min(Math.min(this.#next, this.#heard) - history, kept);
    this.#buffer?.dropBefore(first - this.#origin);
    while (this.#pieces.length > 0 && this.#pieces[0]!.end <= first) this.#pieces.shift();
  }

  #timeOf(position: number): number {
    return this.#stream / 1000 + position / this.#sampleRate;
  }
}
