import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Address } from '../runtime/kernel-exports';
import { sizeOf, type WasmRuntime } from '../runtime/wasm-runtime';
import { evaluateRows, partsOf, type Recipe, withParts } from './recipe';
import type { RowRange } from './row-range';

/** The values of an NHWC tensor as rows of channels, one a pixel: stored, or computed when they are read. */
export class RowSource {
  readonly nRows: number;
  readonly nChannels: number;
  readonly recipe: Recipe | null;
  readonly #runtime: WasmRuntime;
  readonly #info: TensorInfo;

  /** @param info Shape of the values, and the values themselves where there is no recipe. */
  constructor(runtime: WasmRuntime, info: TensorInfo, recipe: Recipe | null) {
    this.nChannels = info.shape[info.shape.length - 1]!;
    this.nRows = sizeOf(info.shape) / this.nChannels;
    this.recipe = recipe;
    this.#runtime = runtime;
    this.#info = info;
  }

  /** The data that are read. */
  get parts(): TensorInfo[] {
    return this.recipe ? partsOf(this.recipe) : [this.#info];
  }

  /** The same values read from other handles to the same data, in the order of {@link parts}. */
  withParts(parts: readonly TensorInfo[]): RowSource {
    return this.recipe
      ? new RowSource(this.#runtime, this.#info, withParts(this.recipe, parts))
      : new RowSource(this.#runtime, parts[0]!, null);
  }

  /** Scratch bytes that {@link read} needs for so many rows. */
  scratchBytes(nRows: number): number {
    return this.recipe ? 4 * nRows * this.nChannels : 0;
  }

  /** Where the rows lie: in the tensor, or in the scratch, into which they were computed. */
  read(range: RowRange, scratch: Address): Address {
    if (!this.recipe) return this.#runtime.addressOf(this.#info) + 4 * range.first * this.nChannels;
    evaluateRows(this.#runtime, this.recipe, { ...range, target: scratch });
    return scratch;
  }
}
