import {
  type HearingEvent,
  type HearingMemory,
  HearingWatch,
  type HearingWatchOptions,
} from '../hearing/hearing-watch';

/** How a sensor of a fleet is watched. */
export type FleetHearingOptions = Omit<HearingWatchOptions, 'sampleRate' | 'isLive'>;

/**
 * Whether a sensor that is elsewhere is heard. It counts by the sensor's own time, which stands in its sound, so that another node that
 * goes on with it comes to the same; silence counts from when the last of its sound came here.
 */
export class FleetHearing {
  readonly #options: FleetHearingOptions;
  #watch: HearingWatch | null;
  #sampleRate: number;
  #arrivedAt = performance.now();

  /** @param sampleRate of the sensor so far; it may change */
  constructor(
    options: FleetHearingOptions,
    { saved, sampleRate }: { saved: HearingMemory | null; sampleRate: number },
  ) {
    this.#options = options;
    this.#sampleRate = sampleRate;
    this.#watch = saved === null ? null : HearingWatch.fromJSON(saved, { ...options, sampleRate });
  }

  toJSON(): HearingMemory | null {
    return this.#watch?.toJSON() ?? null;
  }

  get isHeard(): boolean {
    return this.#watch?.isHeard ?? true;
  }

  /** A whole second of sound. */
  hear({
    samples,
    sampleRate,
    time,
  }: {
    samples: Float32Array;
    sampleRate: number;
    time: number;
  }): HearingEvent[] {
    this.#arrivedAt = performance.now();
    if (this.#watch === null || this.#sampleRate !== sampleRate) {
      const options = { ...this.#options, sampleRate };
      const saved = this.toJSON();
      this.#watch = saved === null ? new HearingWatch(options) : HearingWatch.fromJSON(saved, options);
      this.#sampleRate = sampleRate;
    }
    return this.#watch.hear(samples, time);
  }

  /** Nothing has come meanwhile. */
  tick(): HearingEvent[] {
    const last = this.#watch?.lastHeard ?? null;
    if (last === null) return [];
    return this.#watch!.tick(last + (performance.now() - this.#arrivedAt) / 1000);
  }
}
