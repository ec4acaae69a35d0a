import type { MelSpectrogramResult } from '@serial-oe/audio-features';
import type { LogMelFrame } from './log-mel';

/** How loud a machine is in each mel band, over all its normal clips. */
export interface NormalLevel extends LogMelFrame {
  /** `[nMels]`, dB. */
  mean: Float32Array;
  /** `[nMels]`, dB: standard deviation from frame to frame and clip to clip. */
  deviation: Float32Array;
}

/** Takes spectrograms one after the other; keeps sums alone. */
export class LevelAccumulator {
  readonly #frame: LogMelFrame;
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;
  #nFrames = 0;

  constructor(frame: LogMelFrame) {
    this.#frame = frame;
    this.#sums = new Float64Array(frame.nMels);
    this.#squares = new Float64Array(frame.nMels);
  }

  add({ data, nMels, nFrames }: MelSpectrogramResult): void {
    for (let band = 0; band < nMels; band++) {
      for (let at = band * nFrames; at < (band + 1) * nFrames; at++) {
        this.#sums[band] = this.#sums[band]! + data[at]!;
        this.#squares[band] = this.#squares[band]! + data[at]! * data[at]!;
      }
    }
    this.#nFrames += nFrames;
  }

  /** Population deviations. Decibels are of one order, so sums of squares lose nothing that matters. */
  level(): NormalLevel {
    const n = this.#nFrames;
    const mean = Float32Array.from(this.#sums, (sum) => sum / n);
    const variances = this.#squares.map((square, band) => square / n - (this.#sums[band]! / n) ** 2);
    return {
      ...this.#frame,
      mean,
      deviation: Float32Array.from(variances, (x) => Math.sqrt(Math.max(0, x))),
    };
  }
}
