import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { type Address, normGradientBytes } from '../runtime/kernel-exports';
import { type Deferred, isOnSameTape } from './deferred-backend';
import type { OpsContext } from './ops-context';
import type { ActivationRecipe, RowRange } from './recipe';
import { RowSource } from './row-source';

/** A tensor that an operation reads and for which it may have to give a gradient. */
export class Input {
  readonly source: RowSource;
  readonly #context: OpsContext;
  readonly #shape: number[];
  readonly #deferred: Deferred | undefined;
  readonly #isOnSameTape: boolean;

  constructor(context: OpsContext, x: Tensor) {
    this.#context = context;
    this.#shape = x.shape;
    this.#deferred = context.deferred.find(x);
    this.#isOnSameTape = this.#deferred !== undefined && isOnSameTape(this.#deferred);
    if (this.#deferred) this.#deferred.nUses++;
    this.source = new RowSource(context.runtime, x, this.#deferred?.recipe ?? null);
  }

  /**
   * Starts the gradient for this input.
   *
   * @param source The input as the tape has kept it.
   * @param state Scratch of `gradientStateBytes`, in use until the gradient is finished.
   * @param data Memory to write the gradient to, owned from now on; by default new.
   */
  startGradient(source: RowSource, state: Address, data?: TensorInfo): InputGradient {
    const values = data ?? this.#context.runtime.makeData(this.#shape);
    return new InputGradient(this.#context, {
      values,
      shape: this.#shape,
      activation: this.#isActivationAlone() ? (source.recipe as ActivationRecipe) : null,
      state,
    });
  }

  /** Scratch that the gradient needs for its sums. */
  get gradientStateBytes(): number {
    return normGradientBytes(this.source.nChannels);
  }

  /**
   * Whether the input is the activated output of a BatchNorm that nobody else has taken as input: then the gradient
   * that leaves here arrives at that BatchNorm unchanged, and may be in the form that suits it.
   */
  #isActivationAlone(): boolean {
    const deferred = this.#deferred;
    if (!deferred || !this.#isOnSameTape || deferred.nUses !== 1 || deferred.isStored) return false;
    return deferred.recipe.kind === 'activation' && deferred.recipe.gate === null;
  }
}

interface InputGradientParts {
  values: TensorInfo;
  shape: number[];
  activation: ActivationRecipe | null;
  state: Address;
}

/**
 * The gradient for an input, written block after block. If the input is an activation, each block is taken through the
 * derivative of the activation while it is in the cache, and the sums that BatchNorm's gradient needs are gathered.
 */
export class InputGradient {
  readonly #context: OpsContext;
  readonly #parts: InputGradientParts;
  readonly #nChannels: number;

  constructor(context: OpsContext, parts: InputGradientParts) {
    this.#context = context;
    this.#parts = parts;
    this.#nChannels = parts.shape[parts.shape.length - 1]!;
    context.runtime.clear(parts.state, normGradientBytes(this.#nChannels));
  }

  /** Where the operation writes the gradient of a row. */
  addressOf(row: number): Address {
    return this.#context.runtime.addressOf(this.#parts.values) + 4 * row * this.#nChannels;
  }

  /** To be called once for each block of rows after it has been written. */
  finishRows({ first, count }: RowRange): void {
    const { activation, state } = this.#parts;
    if (!activation) return;
    const { runtime } = this.#context;
    const gradient = this.addressOf(first);
    const x = runtime.addressOf(activation.x) + 4 * first * this.#nChannels;
    const norm = runtime.addressOf(activation.norm);
    runtime.kernels.gatherNormGradient(
      gradient,
      x,
      count,
      this.#nChannels,
      norm,
      Number(activation.isSwish),
      gradient,
      state,
    );
  }

  finish<T extends Tensor>(): T {
    const { values, shape, activation, state } = this.#parts;
    const { runtime, normGradientSums } = this.#context;
    const tensor = runtime.toTensor<T>({ ...values, shape });
    if (activation) normGradientSums.set(tensor, runtime.doubles(state, 2 * this.#nChannels).slice());
    return tensor;
  }
}
