import { type Address, statisticsBytes } from '../runtime/kernel-exports';
import type { WasmRuntime } from '../runtime/wasm-runtime';
import type { BatchStatistics } from './ops-context';

/** Gathers mean and variance of each channel while rows are at hand. */
export class StatisticsGatherer {
  readonly #runtime: WasmRuntime;
  readonly #nChannels: number;
  readonly #state: Address;

  /** @param state Scratch of `bytes(nChannels)`. */
  constructor(runtime: WasmRuntime, nChannels: number, state: Address) {
    this.#runtime = runtime;
    this.#nChannels = nChannels;
    this.#state = state;
    runtime.clear(state, statisticsBytes(nChannels));
  }

  static bytes(nChannels: number): number {
    return statisticsBytes(nChannels) + 8 * nChannels;
  }

  add(rows: Address, nRows: number): void {
    this.#runtime.kernels.gatherStatistics(rows, nRows, this.#nChannels, this.#state);
  }

  finish(): BatchStatistics {
    const n = this.#nChannels;
    const mean = this.#state + statisticsBytes(n);
    const variance = mean + 4 * n;
    this.#runtime.kernels.finishStatistics(this.#state, n, mean, variance);
    return {
      mean: this.#runtime.floats(mean, n).slice(),
      variance: this.#runtime.floats(variance, n).slice(),
    };
  }
}
