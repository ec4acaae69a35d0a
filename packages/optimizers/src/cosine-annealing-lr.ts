import {
  ABOVE_ZERO,
  AT_LEAST_ZERO,
  COUNT,
  checkKind,
  checkNumber,
  checkOptions,
  type OptionNames,
  POSITIVE_COUNT,
  show,
} from '@serial-oe/foundation';
import type { ScheduledOptimizer } from './one-cycle-lr';

/** Options of {@link CosineAnnealingLR}, with PyTorch's names and meanings where it has them. */
export interface CosineAnnealingLROptions {
  /** Where the learning rate starts, above 0. */
  learningRate: number;
  /** Epochs (or whatever is counted) from the highest rate to the lowest, 1 or more. */
  tMax: number;
  /** The lowest rate; default 0. */
  etaMin?: number;
  /** Epochs before the first that the rate follows the cosine after; default 0. The rate stays where it starts until then. */
  startEpoch?: number;
  /** Calls of `step` that make an epoch, 1 or more; default 1. */
  stepsPerEpoch?: number;
}

const OPTIONS: OptionNames<CosineAnnealingLROptions> = {
  learningRate: true,
  tMax: true,
  etaMin: true,
  startEpoch: true,
  stepsPerEpoch: true,
};

/** State of a {@link CosineAnnealingLR}: how often it stepped, and its options. Plain JSON. */
export interface CosineAnnealingLRState extends Required<CosineAnnealingLROptions> {
  stepCount: number;
}

/**
 * Cosine annealing (Loshchilov and Hutter, "SGDR", 2017) without restarts, as `torch.optim.lr_scheduler.CosineAnnealingLR`. The
 * constructor sets the first learning rate; call {@link step} after each update. With e epochs done,
 *
 *     k = max(0, e - startEpoch)
 *     rate = etaMin + (learningRate - etaMin) (1 + cos(pi k / tMax)) / 2
 *
 * A training that calls PyTorch's scheduler at the end of epoch `startEpoch` (from 0) and of each one after it has the same rates.
 * Beyond tMax the rate rises again, as PyTorch's does.
 *
 * @throws TypeError or RangeError for options outside their range
 * @example
 * const schedule = new CosineAnnealingLR(optimizer, { learningRate: 1e-4, tMax: 300, etaMin: 1e-5, startEpoch: 20, stepsPerEpoch });
 */
export class CosineAnnealingLR {
  readonly #optimizer: ScheduledOptimizer;
  #options: Required<CosineAnnealingLROptions>;
  #stepCount = 0;

  constructor(optimizer: ScheduledOptimizer, options: CosineAnnealingLROptions) {
    const here = 'optimizers.CosineAnnealingLR';
    checkOptions(here, options, OPTIONS);
    this.#options = resolveOptions(here, options);
    if (typeof optimizer?.learningRate !== 'number') {
      throw new TypeError(`${here}: optimizer must have a numeric learningRate, got ${show(optimizer)}.`);
    }
    this.#optimizer = optimizer;
    this.#apply();
  }

  /** Learning rate for the next update. */
  get learningRate(): number {
    const { learningRate, tMax, etaMin, startEpoch, stepsPerEpoch } = this.#options;
    const k = Math.max(0, Math.floor(this.#stepCount / stepsPerEpoch) - startEpoch);
    return etaMin + ((learningRate - etaMin) * (1 + Math.cos((Math.PI * k) / tMax))) / 2;
  }

  /** Steps done. */
  get stepCount(): number {
    return this.#stepCount;
  }

  /** Moves on and sets the optimizer's learning rate for the next update. */
  step(): void {
    this.#stepCount++;
    this.#apply();
  }

  getState(): CosineAnnealingLRState {
    return { ...this.#options, stepCount: this.#stepCount };
  }

  /**
   * Puts back what {@link getState} gave, options included, and sets the optimizer accordingly.
   * @throws TypeError or RangeError for a state outside its range; nothing has changed then
   */
  setState(state: CosineAnnealingLRState): void {
    const here = 'optimizers.CosineAnnealingLR.setState';
    const options = resolveOptions(
      here,
      checkKind(`${here}: state`, state, 'object') as CosineAnnealingLRState,
    );
    this.#stepCount = checkNumber(`${here}: stepCount`, state.stepCount, COUNT);
    this.#options = options;
    this.#apply();
  }

  #apply(): void {
    this.#optimizer.learningRate = this.learningRate;
  }
}

function resolveOptions(
  where: string,
  { learningRate, tMax, etaMin = 0, startEpoch = 0, stepsPerEpoch = 1 }: CosineAnnealingLROptions,
): Required<CosineAnnealingLROptions> {
  checkNumber(`${where}: learningRate`, learningRate, ABOVE_ZERO);
  checkNumber(`${where}: tMax`, tMax, POSITIVE_COUNT);
  checkNumber(`${where}: etaMin`, etaMin, AT_LEAST_ZERO);
  checkNumber(`${where}: startEpoch`, startEpoch, COUNT);
  checkNumber(`${where}: stepsPerEpoch`, stepsPerEpoch, POSITIVE_COUNT);
  return { learningRate, tMax, etaMin, startEpoch, stepsPerEpoch };
}
