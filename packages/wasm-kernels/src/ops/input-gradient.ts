import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { ActivationRecipe } from '../rows/recipe';
import type { RowRange } from '../rows/row-range';
import type { RowSource } from '../rows/row-source';
import {
  ACTIVATION_CODES,
  type Address,
  N_NORM_GRADIENT_SUMS,
  normGradientBytes,
} from '../runtime/kernel-exports';
import type { OpsContext } from './ops-context';

/** Areas for the sums and for the derivatives of the activation. */
export type InputGradientScratch = readonly [state: Address, slopes: Address];

interface InputGradientParts {
  /** The gradient's memory. */
  values: TensorInfo;
  shape: number[];
  /** The input, as the tape has kept it. */
  source: RowSource;
  /** The BatchNorm and activation through which the gradient is taken, null for none. */
  activation: ActivationRecipe | null;
  scratch: InputGradientScratch;
}

/**
 * The gradient for an input, written block after block. If the input is an activation, each block is taken through the
 * derivative of the activation while it is in the cache, and the sums that BatchNorm's gradient needs are gathered.
 */
export class InputGradient {
  readonly #context: OpsContext;
  readonly #parts: InputGradientParts;
  readonly #nChannels: number;
  #hasSlopes = false;

  constructor(context: OpsContext, parts: InputGradientParts) {
    this.#context = context;
    this.#parts = parts;
    this.#nChannels = parts.source.nChannels;
    if (parts.activation) context.runtime.clear(parts.scratch[0], normGradientBytes(this.#nChannels));
  }

  static scratchBytes(source: RowSource, nRows: number): [state: number, slopes: number] {
    return [normGradientBytes(source.nChannels), source.scratchBytes(nRows)];
  }

  /** Where the operation writes the gradient of a row. */
  addressOf(row: number): Address {
    return this.#context.runtime.addressOf(this.#parts.values) + 4 * row * this.#nChannels;
  }

  /**
   * The rows of the input. If they are computed, the derivative of the activation comes from the same sigmoid: read a
   * block before {@link finishRows} is called for it, if it has to be read at all.
   */
  readInput(range: RowRange, scratch: Address): Address {
    const { activation, source } = this.#parts;
    if (activation?.activation !== 'swish') return source.read(range, scratch);
    const { runtime } = this.#context;
    const x = runtime.addressOf(activation.x) + 4 * range.first * this.#nChannels;
    const norm = runtime.addressOf(activation.norm);
    const slopes = this.#parts.scratch[1];
    runtime.kernels.normalizeWithSlope(x, range.count, this.#nChannels, norm, scratch, slopes);
    this.#hasSlopes = true;
    return scratch;
  }

  /** To be called once for each block of rows after it has been written. */
  finishRows({ first, count }: RowRange): void {
    const { activation, scratch } = this.#parts;
    if (!activation) return;
    const { runtime } = this.#context;
    const { kernels } = runtime;
    const [state, slopes] = scratch;
    const gradient = this.addressOf(first);
    const x = runtime.addressOf(activation.x) + 4 * first * this.#nChannels;
    const norm = runtime.addressOf(activation.norm);
    if (this.#hasSlopes) {
      kernels.gatherScaledGradient(gradient, slopes, x, count, this.#nChannels, norm, gradient, state);
    } else {
      const code = ACTIVATION_CODES[activation.activation];
      kernels.gatherNormGradient(gradient, x, count, this.#nChannels, norm, code, gradient, state);
    }
    this.#hasSlopes = false;
  }

  finish<T extends Tensor>(): T {
    const { values, shape, activation, scratch } = this.#parts;
    const { runtime, normGradientSums } = this.#context;
    const tensor = runtime.toTensor<T>({ ...values, shape });
    if (activation) {
      const sums = runtime.doubles(scratch[0], N_NORM_GRADIENT_SUMS * this.#nChannels);
      normGradientSums.set(tensor, sums.slice());
    }
    return tensor;
  }
}
