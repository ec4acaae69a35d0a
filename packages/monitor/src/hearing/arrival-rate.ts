/** Sources deliver in bursts: a pace is told over so many seconds. */
const WINDOW_SECONDS = 20;

/** What it has counted so far. */
export interface ArrivalMemory {
  start: number | null;
  nSamples: number;
}

/** At which pace samples come, compared with the rate that is stated. */
export class ArrivalRate {
  readonly #sampleRate: number;
  #start: number | null = null;
  #nSamples = 0;

  constructor(sampleRate: number, saved?: ArrivalMemory) {
    this.#sampleRate = sampleRate;
    if (saved === undefined) return;
    this.#start = saved.start;
    this.#nSamples = saved.nSamples;
  }

  toJSON(): ArrivalMemory {
    return { start: this.#start, nSamples: this.#nSamples };
  }

  /**
   * @param time seconds, when they came
   * @returns samples a second over the stated rate, 1 for the right pace; null until a window is over. The first piece starts the clock:
   *   what a source has buffered before does not count
   */
  add(nSamples: number, time: number): number | null {
    if (this.#start === null) {
      this.#start = time;
      return null;
    }
    this.#nSamples += nSamples;
    const seconds = time - this.#start;
    if (seconds < WINDOW_SECONDS) return null;
    const pace = this.#nSamples / (seconds * this.#sampleRate);
    this.#start = time;
    this.#nSamples = 0;
    return pace;
  }

  reset(): void {
    this.#start = null;
    this.#nSamples = 0;
  }
}
