/** Keeps the rows used last, within a bound; one that is missing is computed into the memory of the oldest. */
export class RowCache {
  readonly #rows = new Map<number, Float64Array>(); // in the order of their last use
  readonly #length: number;
  readonly #capacity: number;
  readonly #fill: (index: number, out: Float64Array) => void;

  /**
   * @param length values in a row.
   * @param maxBytes at least two rows are kept, whatever it says: a step of the solver looks at two.
   * @param fill computes a row.
   */
  constructor(length: number, maxBytes: number, fill: (index: number, out: Float64Array) => void) {
    this.#length = length;
    this.#capacity = Math.max(2, Math.floor(maxBytes / (length * Float64Array.BYTES_PER_ELEMENT)));
    this.#fill = fill;
  }

  /** The row, valid until two others have been asked for. */
  get(index: number): Float64Array {
    const row = this.#rows.get(index) ?? this.#compute(index);
    this.#rows.delete(index);
    this.#rows.set(index, row);
    return row;
  }

  #compute(index: number): Float64Array {
    const row = this.#rows.size < this.#capacity ? new Float64Array(this.#length) : this.#takeOldest();
    this.#fill(index, row);
    return row;
  }

  #takeOldest(): Float64Array {
    const [index, row] = this.#rows.entries().next().value!;
    this.#rows.delete(index);
    return row;
  }
}
