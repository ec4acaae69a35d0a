import { type DataId, engine, KernelBackend, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmRuntime } from '../runtime/wasm-runtime';
import { evaluate, partsOf, type Recipe } from './recipe';

/** A tensor whose values are not stored. */
export interface Deferred<R extends Recipe = Recipe> {
  readonly recipe: R;
  /** Times that an operation of this set has taken the tensor as input. */
  nUses: number;
  /** Whether someone else needed the values, so that they are stored now. */
  isStored: boolean;
  /** The tape on which the tensor was made, and how deep in nested gradients; null without a tape. */
  readonly origin: TapePosition | null;
}

interface TapePosition {
  readonly tape: object;
  readonly depth: number;
}

interface Entry {
  readonly deferred: Deferred;
  refCount: number;
}

/**
 * Holds the tensors that exist as a recipe alone. It is a backend in the sense of tfjs's engine: when anything but the
 * operations of this set wants the values (`dataSync`, another op, another backend), the engine finds that they lie
 * elsewhere and fetches them, as it does between a GPU and the CPU.
 */
export class DeferredBackend extends KernelBackend {
  readonly #runtime: WasmRuntime;
  readonly #entries = new Map<DataId, Entry>();

  constructor(runtime: WasmRuntime) {
    super();
    this.#runtime = runtime;
  }

  /** Makes a tensor of a recipe, whose parts it holds for its own lifetime. */
  defer<T extends Tensor>(recipe: Recipe, shape: readonly number[] = recipe.x.shape): T {
    for (const part of partsOf(recipe)) this.#runtime.hold(part);
    const dataId = {};
    const deferred = { recipe, nUses: 0, isStored: false, origin: tapePosition() };
    this.#entries.set(dataId, { deferred, refCount: 1 });
    const info: TensorInfo = { dataId, shape: [...shape], dtype: 'float32' };
    return engine().makeTensorFromTensorInfo(info, this) as T;
  }

  /** What a tensor is made of; undefined if its values are stored. */
  find({ dataId }: TensorInfo): Deferred | undefined {
    return this.#entries.get(dataId)?.deferred;
  }

  override readSync(dataId: DataId): Float32Array {
    return evaluate(this.#runtime, this.#entryOf(dataId).deferred.recipe);
  }

  override async read(dataId: DataId): Promise<Float32Array> {
    return this.readSync(dataId);
  }

  override refCount(dataId: DataId): number {
    return this.#entries.get(dataId)?.refCount ?? 0;
  }

  override incRef(dataId: DataId): void {
    this.#entryOf(dataId).refCount++;
  }

  override disposeData(dataId: DataId, isMove = false): boolean {
    const entry = this.#entries.get(dataId);
    if (!entry) return true;
    entry.refCount--;
    if (!isMove && entry.refCount > 0) return false;
    entry.deferred.isStored = isMove;
    this.#entries.delete(dataId);
    for (const part of partsOf(entry.deferred.recipe)) this.#runtime.letGo(part);
    return true;
  }

  override numDataIds(): number {
    return this.#entries.size;
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  #entryOf(dataId: DataId): Entry {
    const entry = this.#entries.get(dataId);
    if (!entry) throw new Error('wasm-kernels: a deferred tensor was used after its disposal.');
    return entry;
  }
}

/** Where the engine is recording gradients now, or null. */
export function tapePosition(): TapePosition | null {
  const { activeTape, gradientDepth } = engine().state;
  return gradientDepth > 0 && activeTape ? { tape: activeTape, depth: gradientDepth } : null;
}

/** Whether an operation that runs now is recorded where the deferred tensor was. */
export function isOnSameTape({ origin }: Deferred): boolean {
  const now = tapePosition();
  return now !== null && origin !== null && now.tape === origin.tape && now.depth === origin.depth;
}
