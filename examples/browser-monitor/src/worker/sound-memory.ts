import type { Sound } from './protocol';

/** The last minutes of a stream at the model's rate. */
export class SoundMemory {
  readonly #sampleRate: number;
  readonly #maxLength: number;
  #pieces: Float32Array[] = [];
  /** Of the first piece, samples from the start of the stream. */
  #start = 0;
  #end = 0;

  constructor(sampleRate: number, maxSeconds: number) {
    this.#sampleRate = sampleRate;
    this.#maxLength = maxSeconds * sampleRate;
  }

  append(samples: Float32Array): void {
    this.#pieces.push(samples);
    this.#end += samples.length;
    while (this.#end - this.#start - this.#pieces[0]!.length >= this.#maxLength) {
      this.#start += this.#pieces.shift()!.length;
    }
  }

  /** What is still there of it. */
  between(time: number, endTime: number): Sound {
    const from = Math.max(this.#start, Math.round(time * this.#sampleRate));
    const to = Math.max(from, Math.min(this.#end, Math.round(endTime * this.#sampleRate)));
    const waveform = new Float32Array(to - from);
    let at = this.#start;
    for (const piece of this.#pieces) {
      const [first, last] = [Math.max(from, at), Math.min(to, at + piece.length)];
      if (first < last) waveform.set(piece.subarray(first - at, last - at), first - from);
      at += piece.length;
    }
    return { waveform, sampleRate: this.#sampleRate };
  }

  all(): Sound {
    return this.between(0, this.#end / this.#sampleRate);
  }
}
