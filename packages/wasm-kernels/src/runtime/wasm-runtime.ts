import { engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import { WasmMemoryError } from '../errors';
import type { Address, KernelExports } from './kernel-exports';
import type { WasmBackend } from './wasm-backend';

const FLOAT_BYTES = 4;
/** Scratch areas start at multiples of a cache line. */
const ALIGNMENT = 64;

/** The kernels together with the backend in whose memory they work: allocation, addresses and the life of data. */
export class WasmRuntime {
  readonly kernels: KernelExports;
  readonly backend: WasmBackend;
  readonly #memory: WebAssembly.Memory;

  constructor(backend: WasmBackend, memory: WebAssembly.Memory, kernels: KernelExports) {
    this.backend = backend;
    this.kernels = kernels;
    this.#memory = memory;
  }

  /** Where the values lie. Data of another backend are fetched first, which also computes deferred ones. */
  addressOf({ dataId }: TensorInfo): Address {
    return this.backend.dataIdMap.get(dataId).memoryOffset;
  }

  /** New data with arbitrary values and one reference, which the caller owns. */
  makeData(shape: readonly number[]): TensorInfo {
    const info = this.backend.makeOutput([...shape], 'float32');
    if (this.addressOf(info) !== 0) return info;
    this.backend.disposeData(info.dataId, true);
    throw outOfMemory(sizeOf(shape) * FLOAT_BYTES);
  }

  /** New data, all zero. */
  makeZeros(shape: readonly number[]): TensorInfo {
    const info = this.makeData(shape);
    this.clear(this.addressOf(info), sizeOf(shape) * FLOAT_BYTES);
    return info;
  }

  /** New data with these values. */
  makeFrom(values: ArrayLike<number>, shape: readonly number[]): TensorInfo {
    const info = this.makeData(shape);
    this.floats(this.addressOf(info), values.length).set(values);
    return info;
  }

  /** Adds a reference, so that the data outlive their tensors until {@link letGo}. */
  hold<T extends TensorInfo>(info: T): T {
    this.backend.incRef(info.dataId);
    return info;
  }

  /** Gives up a reference. */
  letGo({ dataId }: TensorInfo): void {
    if (this.backend.disposeData(dataId)) engine().removeDataId(dataId, this.backend);
  }

  /** Whether nothing but the one reference at hand leads to the data. */
  isSole({ dataId }: TensorInfo): boolean {
    return this.backend.refCount(dataId) === 1;
  }

  /** A tensor that takes over the caller's reference. */
  toTensor<T extends Tensor>({ dataId, shape, dtype }: TensorInfo): T {
    return engine().makeTensorFromTensorInfo({ dataId, shape, dtype }, this.backend) as T;
  }

  /** A tensor of another shape with a reference of its own. */
  share<T extends Tensor>(info: TensorInfo, shape: readonly number[] = info.shape): T {
    return this.toTensor<T>({ ...this.hold(info), shape: [...shape] });
  }

  /**
   * Lends memory for the time of a call.
   *
   * @param sizes Bytes of each area.
   * @param use Gets the addresses of the areas, in order; their values are arbitrary.
   */
  withScratch<const Sizes extends readonly number[], T>(
    sizes: Sizes,
    use: (areas: { -readonly [I in keyof Sizes]: Address }) => T,
  ): T {
    const { addresses, free } = this.allocate(sizes);
    try {
      return use(addresses);
    } finally {
      free();
    }
  }

  /**
   * Takes memory until `free` is called, once.
   *
   * @param sizes Bytes of each area; their values are arbitrary.
   */
  allocate<const Sizes extends readonly number[]>(
    sizes: Sizes,
  ): { addresses: { -readonly [I in keyof Sizes]: Address }; free: () => void } {
    const offsets: number[] = [];
    let nBytes = 0;
    for (const size of sizes) {
      offsets.push(nBytes);
      nBytes += Math.ceil(size / ALIGNMENT) * ALIGNMENT;
    }
    const block = this.backend.wasm._malloc(nBytes + ALIGNMENT) >>> 0;
    if (block === 0) throw outOfMemory(nBytes);
    const start = Math.ceil(block / ALIGNMENT) * ALIGNMENT;
    const addresses = offsets.map((offset) => start + offset) as { -readonly [I in keyof Sizes]: Address };
    return { addresses, free: () => this.backend.wasm._free(block) };
  }

  clear(address: Address, nBytes: number): void {
    new Uint8Array(this.#memory.buffer, address, nBytes).fill(0);
  }

  // Views are made anew at each use: when the memory grows, those of before are void.

  floats(address: Address, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, address, length);
  }

  doubles(address: Address, length: number): Float64Array {
    return new Float64Array(this.#memory.buffer, address, length);
  }

  integers(address: Address, length: number): Int32Array {
    return new Int32Array(this.#memory.buffer, address, length);
  }
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

function outOfMemory(nBytes: number): WasmMemoryError {
  return new WasmMemoryError(
    `wasm-kernels: the memory of the WASM backend must have room for ${nBytes} more bytes, got none. ` +
      'Use smaller batches, and dispose tensors that are no longer needed (tf.memory() counts them).',
  );
}
