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
  /** Place in JetStream of the first piece that the next window needs. */
  place: number;
  nDropped: number;
}

/** Cuts the sound of a sensor into windows; what it does depends on the pieces alone, not on when and to which node they came. */
export class SensorWindows {
  readonly #seconds: { window: number; hop: number };
  #stream: number;
  #next: number;
  #nDropped: number;
  #lastPlace: number;
  #sampleRate = 0;
  #buffer: SampleBuffer | null = null;
  /** Position of the buffer's first sample in the stream. */
  #origin = 0;
  /** Pieces that are still needed. */
  #pieces: { place: number; end: number }[] = [];

  constructor(seconds: { window: number; hop: number }, { stream, next, place, nDropped }: WindowPlace) {
    this.#seconds = seconds;
    this.#stream = stream;
    this.#next = next;
    this.#nDropped = nDropped;
    this.#lastPlace = place - 1;
  }

  /** Of the last piece that was taken. */
  get lastPlace(): number {
    return this.#lastPlace;
  }

  get place(): WindowPlace {
    const place = this.#pieces[0]?.place ?? this.#lastPlace + 1;
    return { stream: this.#stream, next: this.#next, place, nDropped: this.#nDropped };
  }

  /** Whether it is the piece after the last one that was taken; otherwise there may be others between. */
  follows({ stream, position }: PlacedPiece): boolean {
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
    this.#pieces.push({ place, end: this.#end });
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
    const timeOf = (position: number) => this.#stream / 1000 + position / sampleRate;
    return { waveform, start, time: timeOf(start), endTime: timeOf(end), sampleRate };
  }

  done(): void {
    this.#next += this.#hop;
    this.#forget();
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
    this.#buffer = null;
    this.#pieces = [];
  }

  /** Sound goes on at a position; windows that begin before it cannot be whole. */
  #jump(position: number): void {
    this.#buffer = new SampleBuffer();
    this.#origin = position;
    this.#pieces = [];
    if (position <= this.#next) return;
    const n = Math.ceil((position - this.#next) / this.#hop);
    this.#next += n * this.#hop;
    this.#nDropped += n;
  }

  #forget(): void {
    this.#buffer?.dropBefore(this.#next - this.#origin);
    while (this.#pieces.length > 0 && this.#pieces[0]!.end <= this.#next) this.#pieces.shift();
  }
}
