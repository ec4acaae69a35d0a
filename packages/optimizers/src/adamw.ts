import {
  ABOVE_ZERO,
  AT_LEAST_ZERO,
  COUNT,
  checkKind,
  checkNumber,
  checkOptions,
  type OptionNames,
  RATE,
  show,
} from '@serial-oe/foundation';
import {
  engine,
  keep,
  type NamedTensorMap,
  Optimizer,
  type Tensor,
  tensor,
  tidy,
  type Variable,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { type AdamWMoments, type AdamWState, checkMoments } from './adamw-state';
import { type AdamWUpdateKernel, type AdamWUpdateOutput, adamWUpdate } from './adamw-update';

/** Options of {@link AdamW}; the defaults are PyTorch's. */
export interface AdamWOptions {
  /** At least 0; default 1e-3. */
  learningRate?: number;
  /** Decay rate of the first moment, in [0, 1); default 0.9. */
  beta1?: number;
  /** Decay rate of the second moment, in [0, 1); default 0.999. */
  beta2?: number;
  /** Added to the root of the second moment; above 0; default 1e-8. */
  epsilon?: number;
  /** Decoupled: a parameter shrinks by the factor 1 - learningRate * weightDecay a step. At least 0; default 0.01. */
  weightDecay?: number;
  /** Computes one update; the default uses tfjs ops and runs on any backend. */
  updateKernel?: AdamWUpdateKernel;
}

/** Options of {@link AdamW.setState}. */
export interface AdamWSetStateOptions {
  /**
   * What happens when a gradient arrives for a variable that the state does not hold: false (default) throws,
   * true starts that variable from zero moments, as a new optimizer would.
   */
  allowMissing?: boolean;
}

const OPTIONS: OptionNames<AdamWOptions> = {
  learningRate: true,
  beta1: true,
  beta2: true,
  epsilon: true,
  weightDecay: true,
  updateKernel: true,
};

/** A gradient with the name of its variable. */
export interface NamedGradient {
  name: string;
  tensor: Tensor;
}

interface Slot {
  step: number;
  m: Tensor;
  v: Tensor;
}

/**
 * Adam with decoupled weight decay, step for step `torch.optim.AdamW` (no amsgrad; see `adamWUpdate` for the
 * formula). It is a tfjs `Optimizer`: `minimize` and `applyGradients` work as with tfjs's own.
 *
 * As in PyTorch each variable counts its own updates, so a variable without a gradient in some step keeps its
 * value, its moments and its count. Variables receive fresh tensors (`variable.assign`) and are never written in
 * place. Gradients are not searched for NaN, which would halt the backend at every step: check the loss.
 *
 * @throws RangeError or TypeError for options outside their range.
 * @example
 * const optimizer = new AdamW({ learningRate: 1e-3, weightDecay: 0 });
 * const { value, grads } = variableGrads(() => loss());
 * optimizer.applyGradients(grads);
 */
export class AdamW extends Optimizer {
  /** @nocollapse */
  static get className(): string {
    return 'AdamW'; // a getter, as in tfjs: a static property would defeat tree shaking
  }

  readonly #updateKernel: AdamWUpdateKernel;
  #learningRate: number;
  #beta1: number;
  #beta2: number;
  #epsilon: number;
  #weightDecay: number;
  #slots = new Map<string, Slot>();
  #isComplete = false; // true once a restored state has to cover every variable

  constructor(options: AdamWOptions = {}) {
    super();
    checkOptions('optimizers.AdamW', options, OPTIONS);
    const { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0.01 } = options;
    const { updateKernel = adamWUpdate } = options;
    checkKind('optimizers.AdamW: updateKernel', updateKernel, 'function');
    this.#learningRate = checkNumber('optimizers.AdamW: learningRate', learningRate, AT_LEAST_ZERO);
    this.#beta1 = checkNumber('optimizers.AdamW: beta1', beta1, RATE);
    this.#beta2 = checkNumber('optimizers.AdamW: beta2', beta2, RATE);
    this.#epsilon = checkNumber('optimizers.AdamW: epsilon', epsilon, ABOVE_ZERO);
    this.#weightDecay = checkNumber('optimizers.AdamW: weightDecay', weightDecay, AT_LEAST_ZERO);
    this.#updateKernel = updateKernel;
  }

  /** Learning rate of the next update; settable, at least 0. */
  get learningRate(): number {
    return this.#learningRate;
  }
  set learningRate(value: number) {
    this.#learningRate = checkNumber('optimizers.AdamW: learningRate', value, AT_LEAST_ZERO);
  }

  /** Decay rate of the first moment in the next update; settable, in [0, 1). */
  get beta1(): number {
    return this.#beta1;
  }
  set beta1(value: number) {
    this.#beta1 = checkNumber('optimizers.AdamW: beta1', value, RATE);
  }

  get beta2(): number {
    return this.#beta2;
  }

  get epsilon(): number {
    return this.#epsilon;
  }

  get weightDecay(): number {
    return this.#weightDecay;
  }

  /**
   * Updates each named variable by its gradient; the gradients stay the caller's. All of them are checked before
   * the first variable changes.
   * @param variableGradients gradients by variable name, or a list of `{ name, tensor }`, each of the shape of its
   * variable; a null gradient leaves its variable alone.
   * @throws RangeError for an unknown variable or another shape, and after `setState` for a variable without moments.
   */
  applyGradients(variableGradients: NamedTensorMap | NamedGradient[]): void {
    const updates = gradientEntries(variableGradients).map(([name, gradient]) => {
      const variable = engine().registeredVariables[name];
      this.#checkUpdate(name, variable, gradient);
      return { name, variable: variable as Variable, gradient };
    });
    for (const { name, variable, gradient } of updates) this.#update(name, variable, gradient);
    this.incrementIterations();
  }

  /**
   * Copies the state out of the backend (`dataSync`; use {@link getStateAsync} on backends that only read
   * asynchronously, such as WebGPU). It is keyed by variable name: give variables names, because tfjs's automatic
   * ones (`Variable_12`) differ between processes.
   */
  getState(): AdamWState {
    return this.#stateWith((slot) => ({
      step: slot.step,
      shape: slot.m.shape.slice(),
      m: Float32Array.from(slot.m.dataSync()),
      v: Float32Array.from(slot.v.dataSync()),
    }));
  }

  /** {@link getState} by asynchronous reads. Apply no gradients until it has resolved. */
  async getStateAsync(): Promise<AdamWState> {
    const moments = new Map<Slot, AdamWMoments>();
    for (const slot of this.#slots.values()) {
      const [m, v] = await Promise.all([slot.m.data(), slot.v.data()]);
      const shape = slot.m.shape.slice();
      moments.set(slot, { step: slot.step, shape, m: Float32Array.from(m), v: Float32Array.from(v) });
    }
    return this.#stateWith((slot) => moments.get(slot) as AdamWMoments);
  }

  /**
   * Puts back what {@link getState} gave, hyperparameters included; training then continues bit for bit on the same
   * backend. The variables themselves are not part of the state and have to exist, with the names and shapes they had.
   * @throws RangeError or TypeError for an entry without a variable, of another shape, length or kind, or not
   * finite; nothing has changed then. Unless `allowMissing` is set, a state that holds any update must cover every
   * variable: `applyGradients` throws for one that is missing.
   */
  setState(state: AdamWState, options: AdamWSetStateOptions = {}): void {
    checkOptions('optimizers.AdamW.setState', options, { allowMissing: true });
    const { allowMissing = false } = options;
    if (typeof state !== 'object' || state === null) {
      throw new TypeError(
        `optimizers.AdamW.setState: state must be what getState returned, got ${show(state)}.`,
      );
    }
    checkNumber('optimizers.AdamW.setState: iterations', state.iterations, COUNT);
    checkNumber('optimizers.AdamW.setState: learningRate', state.learningRate, AT_LEAST_ZERO);
    checkNumber('optimizers.AdamW.setState: beta1', state.beta1, RATE);
    checkNumber('optimizers.AdamW.setState: beta2', state.beta2, RATE);
    checkNumber('optimizers.AdamW.setState: epsilon', state.epsilon, ABOVE_ZERO);
    checkNumber('optimizers.AdamW.setState: weightDecay', state.weightDecay, AT_LEAST_ZERO);
    checkMoments(state.variables, (name) => engine().registeredVariables[name]?.shape);
    this.#disposeSlots();
    for (const [name, { step, shape, m, v }] of Object.entries(state.variables)) {
      // Copies: some backends keep the array that they are given.
      const restore = (values: Float32Array) => tidy(() => keep(tensor(Float32Array.from(values), shape)));
      this.#slots.set(name, { step, m: restore(m), v: restore(v) });
    }
    this.iterations_ = state.iterations;
    this.#learningRate = state.learningRate;
    this.#beta1 = state.beta1;
    this.#beta2 = state.beta2;
    this.#epsilon = state.epsilon;
    this.#weightDecay = state.weightDecay;
    this.#isComplete = !allowMissing && this.#slots.size > 0;
  }

  /** Frees the moments. The variables belong to the model and stay. */
  override dispose(): void {
    this.#disposeSlots();
  }

  getConfig(): { learningRate: number; beta1: number; beta2: number; epsilon: number; weightDecay: number } {
    const { learningRate, beta1, beta2, epsilon, weightDecay } = this;
    return { learningRate, beta1, beta2, epsilon, weightDecay };
  }

  #checkUpdate(name: string, variable: Variable | undefined, gradient: Tensor): void {
    const where = 'optimizers.AdamW.applyGradients';
    if (variable === undefined) {
      throw new RangeError(`${where}: variableGradients must name existing variables, got '${name}'.`);
    }
    if (!isSameShape(gradient.shape, variable.shape)) {
      throw new RangeError(
        `${where}: gradient of '${name}' must have shape ${show(variable.shape)}, got ${show(gradient.shape)}.`,
      );
    }
    const slot = this.#slots.get(name);
    if (slot === undefined && this.#isComplete) {
      throw new RangeError(
        `${where}: variableGradients must name variables of the restored state, got '${name}'. ` +
          'Restore with { allowMissing: true } if it is new and may start from zero moments.',
      );
    }
    if (slot !== undefined && !isSameShape(slot.m.shape, variable.shape)) {
      throw new RangeError(
        `${where}: variable '${name}' must keep its shape ${show(slot.m.shape)}, got ${show(variable.shape)}. ` +
          'Use a new optimizer for a new model.',
      );
    }
  }

  #update(name: string, variable: Variable, gradient: Tensor): void {
    tidy(() => {
      const old = this.#slots.get(name) ?? { step: 0, m: zerosLike(variable), v: zerosLike(variable) };
      const step = old.step + 1;
      const { learningRate, beta1, beta2, epsilon, weightDecay } = this;
      const output = this.#updateKernel({
        parameter: variable,
        gradient,
        m: old.m,
        v: old.v,
        learningRate,
        beta1,
        beta2,
        epsilon,
        weightDecay,
        step,
      });
      checkIsFresh(output, [variable, gradient, old.m, old.v]);
      variable.assign(output.parameter);
      this.#slots.set(name, { step, m: keep(output.m), v: keep(output.v) });
      old.m.dispose();
      old.v.dispose();
    });
  }

  #stateWith(momentsOf: (slot: Slot) => AdamWMoments): AdamWState {
    const variables: Record<string, AdamWMoments> = {};
    for (const [name, slot] of this.#slots) variables[name] = momentsOf(slot);
    return { iterations: this.iterations, ...this.getConfig(), variables };
  }

  #disposeSlots(): void {
    for (const { m, v } of this.#slots.values()) {
      m.dispose();
      v.dispose();
    }
    this.#slots.clear();
  }
}

function gradientEntries(gradients: NamedTensorMap | NamedGradient[]): [string, Tensor][] {
  const entries: [string, Tensor][] = Array.isArray(gradients)
    ? gradients.map(({ name, tensor }) => [name, tensor])
    : Object.entries(gradients);
  return entries.filter(([, gradient]) => gradient != null);
}

function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

function checkIsFresh(output: AdamWUpdateOutput, inputs: Tensor[]): void {
  for (const [name, result] of Object.entries(output) as [keyof AdamWUpdateOutput, Tensor][]) {
    if (inputs.some((input) => input.dataId === result.dataId)) {
      throw new RangeError(
        `optimizers.AdamW.applyGradients: updateKernel must return fresh tensors, got an input's memory for '${name}'.`,
      );
    }
  }
}
