/** Weight of the newest step in the running mean. */
const NEWEST = 0.2;

/** Running mean of the time between ticks; the first step (compilation, cold caches) is soon forgotten. */
export class StepClock {
  #last = performance.now();
  #nTicks = 0;
  #mean = 0;

  tick(): void {
    const now = performance.now();
    const seconds = (now - this.#last) / 1000;
    this.#last = now;
    this.#nTicks++;
    const isSettling = this.#nTicks <= 2;
    this.#mean = isSettling ? seconds : this.#mean + NEWEST * (seconds - this.#mean);
  }

  get secondsPerStep(): number {
    return Math.max(this.#mean, Number.EPSILON);
  }
}
