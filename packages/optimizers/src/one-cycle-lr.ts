import { ABOVE_ZERO, COUNT, checkNumber, DECAY_RATE, FRACTION, POSITIVE_COUNT, show } from './check';

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
    this.#options = checkOptions('OneCycleLR', options);
    checkOptimizer('OneCycleLR', optimizer, this.#options.cycleMomentum);
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
    const options = checkOptions('OneCycleLR.setState', state);
    checkOptimizer('OneCycleLR.setState', this.#optimizer, options.cycleMomentum);
    this.#stepCount = checkNumber('OneCycleLR.setState: stepCount', state.stepCount, {
      isValid: (n) => COUNT.isValid(n) && n <= options.totalSteps,
      rule: `be a whole number between 0 and totalSteps = ${options.totalSteps}`,
    });
    this.#options = options;
    this.#apply();
  }

  #apply(): void {
    this.#optimizer.learningRate = this.learningRate;
    if (this.#options.cycleMomentum) this.#optimizer.beta1 = this.beta1 as number;
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

function checkOptions(owner: string, options: OneCycleLROptions): Required<OneCycleLROptions> {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`optimizers.${owner}: options must be an object, got ${show(options)}.`);
  }
  const { maxLearningRate, totalSteps, pctStart = 0.3, annealStrategy = 'cos' } = options;
  const { divFactor = 25, finalDivFactor = 1e4 } = options;
  const { cycleMomentum = true, baseMomentum = 0.85, maxMomentum = 0.95 } = options;
  checkNumber(`${owner}: maxLearningRate`, maxLearningRate, ABOVE_ZERO);
  checkNumber(`${owner}: totalSteps`, totalSteps, POSITIVE_COUNT);
  checkNumber(`${owner}: pctStart`, pctStart, FRACTION);
  checkNumber(`${owner}: divFactor`, divFactor, ABOVE_ZERO);
  checkNumber(`${owner}: finalDivFactor`, finalDivFactor, ABOVE_ZERO);
  checkNumber(`${owner}: maxMomentum`, maxMomentum, DECAY_RATE);
  checkNumber(`${owner}: baseMomentum`, baseMomentum, {
    isValid: (x) => x >= 0 && x <= maxMomentum,
    rule: `lie in [0, maxMomentum = ${maxMomentum}]`,
  });
  if (annealStrategy !== 'cos' && annealStrategy !== 'linear') {
    throw new RangeError(
      `optimizers.${owner}: annealStrategy must be 'cos' or 'linear', got ${show(annealStrategy)}.`,
    );
  }
  if (typeof cycleMomentum !== 'boolean') {
    throw new TypeError(`optimizers.${owner}: cycleMomentum must be a boolean, got ${show(cycleMomentum)}.`);
  }
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

function checkOptimizer(owner: string, optimizer: ScheduledOptimizer, cycleMomentum: boolean): void {
  if (typeof optimizer !== 'object' || optimizer === null || typeof optimizer.learningRate !== 'number') {
    throw new TypeError(
      `optimizers.${owner}: optimizer must have a numeric learningRate, got ${show(optimizer)}.`,
    );
  }
  if (cycleMomentum && typeof optimizer.beta1 !== 'number') {
    throw new TypeError(
      `optimizers.${owner}: optimizer must have a numeric beta1 when cycleMomentum is true, got ${show(optimizer.beta1)}. ` +
        'Pass { cycleMomentum: false } to leave momentum alone.',
    );
  }
}
