import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { type Deferred, isOnSameTape } from '../rows/deferred-backend';
import { RowSource } from '../rows/row-source';
import { InputGradient, type InputGradientScratch } from './input-gradient';
import type { OpsContext } from './ops-context';

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
   * @param scratch Areas of {@link gradientBytes}, in use until the gradient is finished.
   * @param data Memory to write the gradient to, owned from now on; by default new.
   */
  startGradient(source: RowSource, scratch: InputGradientScratch, data?: TensorInfo): InputGradient {
    const values = data ?? this.#context.runtime.makeData(this.#shape);
    const { recipe } = source;
    const isFused = this.#isActivationAlone() && recipe?.kind === 'activation';
    const activation = isFused ? recipe : null;
    return new InputGradient(this.#context, { values, shape: this.#shape, source, activation, scratch });
  }

  /**
   * Scratch that {@link startGradient} needs.
   *
   * @param nRows Rows of the largest block that will be read through the gradient; 0 for none.
   */
  gradientBytes(nRows: number): [state: number, slopes: number] {
    return InputGradient.scratchBytes(this.source, this.#isActivationAlone() ? nRows : 0);
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

/** A gradient as the tape hands it over. */
export function gradientSource({ runtime, deferred }: OpsContext, dy: Tensor): RowSource {
  return new RowSource(runtime, dy, deferred.find(dy)?.recipe ?? null);
}
