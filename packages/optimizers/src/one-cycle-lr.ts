import {
  ABOVE_ZERO,
  checkKind,
  checkNumber,
  checkOneOf,
  checkOptions,
  FRACTION,
  numberWithin,
  type OptionNames,
  POSITIVE_COUNT,
  RATE,
  show,
  wholeNumber,
} from '@serial-oe/foundation';

/** What the schedule writes to: an {@link AdamW}, or anything with these settable properties. */
export interface ScheduledOptimizer {
  learningRate: number;
  /** Needed when `cycleMomentum` is true. */
  beta1?: number;
}

/** Options of {@link OneCycleLR}; the defaults are PyTorch's. */
export interface OneCycleLROptions {
  /** Learning rate at the top of the cycle, above 0. */
  maxLearningRate: number;
  /** Updates in the whole cycle, 1 or more. */
  totalSteps: number;
  /** Share of the cycle that the learning rate rises, in [0, 1]; default 0.3. */
  pctStart?: number;
  /** Shape of the rise and the fall; default 'cos'. */
  annealStrategy?: 'cos' | 'linear';
  /** The first learning rate is maxLearningRate / divFactor; above 0; default 25. */
  divFactor?: number;
  /** The last learning rate is the first / finalDivFactor; above 0; default 1e4. */
  finalDivFactor?: number;
  /** Whether beta1 falls from maxMomentum to baseMomentum while the learning rate rises, and back; default true. */
  cycleMomentum?: boolean;
  /** In [0, 1), at most maxMomentum; default 0.85. */
  baseMomentum?: number;
  /** In [0, 1); default 0.95. */
  maxMomentum?: number;
}

const OPTIONS: OptionNames<OneCycleLROptions> = {
  maxLearningRate: true,
  totalSteps: true,
  pctStart: true,
  annealStrategy: true,
  divFactor: true,
  finalDivFactor: true,
  cycleMomentum: true,
  baseMomentum: true,
  maxMomentum: true,
};

/** State of a {@link OneCycleLR}: how often it stepped, and its options. Plain JSON. */
export interface OneCycleLRState extends Required<OneCycleLROptions> {
  stepCount: number;
}

/**
 * The one-cycle policy (Smith and Topin, "Super-Convergence", 2018) in two phases, step for step
 * `torch.optim.lr_scheduler.OneCycleLR`. The constructor sets the first learning rate and beta1; call
 * {@link step} after each update.
 *
 * With s steps done and N = totalSteps, the rise runs from s = 0 to s = pctStart N - 1 and the fall from there to
 * s = N - 1, fractions allowed; within a phase, r in [0, 1] from its start to its end,
 *
 *     cos:     value = end + (start - end) (1 + cos(pi r)) / 2
 *     linear:  value = start + (end - start) r
 *
 * Step number N, after the last update, lies past the end of the fall: PyTorch extrapolates there, and so do we,
 * except that the value stays between the phase's ends (linear extrapolation would be negative). A phase
 * without length counts as done, where PyTorch divides by zero.
 *
 * @throws TypeError or RangeError for options outside their range, or an optimizer without `beta1` to cycle.
 * @example
 * const schedule = new OneCycleLR(optimizer, { maxLearningRate: 1e-3, totalSteps: nEpochs * nBatches });
 * for (const batch of batches) { optimizer.minimize(() => loss(batch)); schedule.step(); }
 */
export class OneCycleLR {
  readonly #optimizer: ScheduledOptimizer;
  #options: Required<OneCycleLROptions>;
  #stepCount = 0;

  constructor(optimizer: ScheduledOptimizer, options: OneCycleLROptions) {
    checkOptions('optimizers.OneCycleLR', options, OPTIONS);
    this.#options = resolveOptions('optimizers.OneCycleLR', options);
    checkOptimizer('optimizers.OneCycleLR', optimizer, this.#options.cycleMomentum);
    this.#optimizer = optimizer;
    this.#apply();
  }

  /** Learning rate for the next update. */
  get learningRate(): number {
    const { maxLearningRate, divFactor, finalDivFactor } = this.#options;
    const first = maxLearningRate / divFactor;
    return this.#anneal(first, maxLearningRate, first / finalDivFactor);
  }

  /** beta1 for the next update; without `cycleMomentum` whatever the optimizer has. */
  get beta1(): number | undefined {
    const { cycleMomentum, baseMomentum, maxMomentum } = this.#options;
    return cycleMomentum ? this.#anneal(maxMomentum, baseMomentum, maxMomentum) : this.#optimizer.beta1;
  }

  /** Steps done. */
  get stepCount(): number {
    return this.#stepCount;
  }

  get totalSteps(): number {
    return this.#options.totalSteps;
  }

  /**
   * Moves on and sets the optimizer's learning rate (and beta1) for the next update.
   * @throws RangeError after totalSteps calls.
   */
  step(): void {
    if (this.#stepCount >= this.#options.totalSteps) {
      throw new RangeError(
        `optimizers.OneCycleLR.step: calls must be at most totalSteps = ${this.#options.totalSteps}, ` +
          `got call ${this.#stepCount + 1}. Construct the schedule with the number of updates of the whole run.`,
      );
    }
    this.#stepCount++;
    this.#apply();
  }

  getState(): OneCycleLRState {
    return { ...this.#options, stepCount: this.#stepCount };
  }

  /**
   * Puts back what {@link getState} gave, options included, and sets the optimizer accordingly.
   * @throws TypeError or RangeError for a state outside its range; nothing has changed then.
   */
  setState(state: OneCycleLRState): void {
    const here = 'optimizers.OneCycleLR.setState';
    const options = resolveOptions(here, checkKind(`${here}: state`, state, 'object') as OneCycleLRState);
    const { cycleMomentum, totalSteps } = options;
    checkOptimizer(here, this.#optimizer, cycleMomentum);
    this.#stepCount = checkNumber(
      `${here}: stepCount (totalSteps is ${totalSteps})`,
      state.stepCount,
      wholeNumber(0, totalSteps),
    );
    this.#options = options;
    this.#apply();
  }

  #apply(): void {
    this.#optimizer.learningRate = this.learningRate;
    if (this.#options.cycleMomentum) this.#optimizer.beta1 = this.beta1!;
  }

  /** The value at the present step of a cycle from `first` over `middle` to `last`. */
  #anneal(first: number, middle: number, last: number): number {
    const { pctStart, totalSteps, annealStrategy } = this.#options;
    const riseEnd = pctStart * totalSteps - 1;
    const isRise = this.#stepCount <= riseEnd;
    // With pctStart * totalSteps < 1 there is no rise and the fall begins before step 0.
    const [phaseStart, phaseEnd] = isRise ? [0, riseEnd] : [riseEnd, totalSteps - 1];
    const [start, end] = isRise ? [first, middle] : [middle, last];
    const length = phaseEnd - phaseStart;
    const ratio = length > 0 ? (this.#stepCount - phaseStart) / length : 1;
    const value =
      annealStrategy === 'cos'
        ? end + ((start - end) / 2) * (1 + Math.cos(Math.PI * ratio))
        : start + (end - start) * ratio;
    return Math.min(Math.max(value, Math.min(start, end)), Math.max(start, end));
  }
}

function resolveOptions(where: string, options: OneCycleLROptions): Required<OneCycleLROptions> {
  const { maxLearningRate, totalSteps, pctStart = 0.3, annealStrategy = 'cos' } = options;
  const { divFactor = 25, finalDivFactor = 1e4 } = options;
  const { cycleMomentum = true, baseMomentum = 0.85, maxMomentum = 0.95 } = options;
  checkNumber(`${where}: maxLearningRate`, maxLearningRate, ABOVE_ZERO);
  checkNumber(`${where}: totalSteps`, totalSteps, POSITIVE_COUNT);
  checkNumber(`${where}: pctStart`, pctStart, FRACTION);
  checkNumber(`${where}: divFactor`, divFactor, ABOVE_ZERO);
  checkNumber(`${where}: finalDivFactor`, finalDivFactor, ABOVE_ZERO);
  checkNumber(`${where}: maxMomentum`, maxMomentum, RATE);
  const baseOfMomentum = `${where}: baseMomentum (maxMomentum is ${maxMomentum})`;
  checkNumber(baseOfMomentum, baseMomentum, numberWithin(0, maxMomentum));
  checkOneOf(`${where}: annealStrategy`, annealStrategy, ['cos', 'linear']);
  checkKind(`${where}: cycleMomentum`, cycleMomentum, 'boolean');
  return {
    maxLearningRate,
    totalSteps,
    pctStart,
    annealStrategy,
    divFactor,
    finalDivFactor,
    cycleMomentum,
    baseMomentum,
    maxMomentum,
  };
}

function checkOptimizer(where: string, optimizer: ScheduledOptimizer, cycleMomentum: boolean): void {
  if (typeof optimizer !== 'object' || optimizer === null || typeof optimizer.learningRate !== 'number') {
    throw new TypeError(`${where}: optimizer must have a numeric learningRate, got ${show(optimizer)}.`);
  }
  if (cycleMomentum && typeof optimizer.beta1 !== 'number') {
    throw new TypeError(
      `${where}: optimizer must have a numeric beta1 when cycleMomentum is true, got ${show(optimizer.beta1)}. ` +
        'Pass { cycleMomentum: false } to leave momentum alone.',
    );
  }
}
