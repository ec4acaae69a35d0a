/** Samples of a stream from some position on, addressed by their place in the whole stream. */
export class SampleBuffer {
  #samples = new Float32Array(16_384);
  /** Position of the first sample kept, and how many are. */
  #first = 0;
  #length = 0;

  get first(): number {
    return this.#first;
  }

  /** Position behind the last sample. */
  get end(): number {
    return this.#first + this.#length;
  }

  append(samples: Float32Array): void {
    this.#reserve(this.#length + samples.length);
    this.#samples.set(samples, this.#length);
    this.#length += samples.length;
  }

  /** Lets go of what lies before a position, once that is most of it: moving the rest costs time. */
  dropBefore(position: number): void {
    const n = Math.min(this.#length, Math.max(0, position - this.#first));
    if (2 * n < this.#length) return;
    this.#samples.copyWithin(0, n, this.#length);
    this.#first += n;
    this.#length -= n;
  }

  /** A copy; less where some of it is not kept. */
  slice(from: number, to: number): Float32Array {
    const [start, end] = [from, to].map((at) => Math.min(this.#length, Math.max(0, at - this.#first)));
    return this.#samples.slice(start, end);
  }

  /** Twice as large where it is full; smaller again once an overload is over. */
  #reserve(length: number): void {
    const capacity = this.#samples.length;
    if (length <= capacity && length > capacity / 8) return;
    const wanted = Math.max(16_384, 2 ** Math.ceil(Math.log2(length + 1)));
    if (wanted === capacity) return;
    const samples = new Float32Array(wanted);
    samples.set(this.#samples.subarray(0, this.#length));
    this.#samples = samples;
  }
}
