import { engine } from '@tensorflow/tfjs-core';
import type { WasmBackend } from '../src/runtime/wasm-backend';

/** Bytes on each side of an allocation. */
const GUARD_BYTES = 64;
const GUARD = 0xa5;
/** Four of them are a NaN: whoever reads what nobody wrote spreads it. */
const UNWRITTEN = 0xff;

interface Heap {
  HEAPU8: Uint8Array;
  _malloc(nBytes: number): number;
  _free(address: number): void;
}

/**
 * Puts guard bytes around everything that is allocated in the memory of the active WASM backend from now on, by tfjs's
 * JavaScript and by ours.
 */
export class GuardedHeap {
  readonly #heap: Heap;
  readonly #malloc: Heap['_malloc'];
  readonly #free: Heap['_free'];
  readonly #sizes = new Map<number, number>();

  constructor() {
    this.#heap = (engine().backend as WasmBackend).wasm as unknown as Heap;
    this.#heap._free(this.#heap._malloc(1)); // Emscripten replaces both at their first call
    const { _malloc, _free } = this.#heap;
    this.#malloc = _malloc;
    this.#free = _free;
    this.#heap._malloc = (nBytes) => this.#allocate(nBytes);
    this.#heap._free = (address) => this.#release(address);
  }

  /** Allocations that have not been freed. */
  get nLive(): number {
    return this.#sizes.size;
  }

  /** Throws if a byte next to an allocation has changed. */
  check(): void {
    for (const address of this.#sizes.keys()) this.#checkAllocation(address);
  }

  /** Ends the guarding. What is still allocated is freed as it was allocated. */
  restore(): void {
    this.#heap._malloc = this.#malloc;
    this.#heap._free = (address) => (this.#sizes.has(address) ? this.#release(address) : this.#free(address));
  }

  #allocate(nBytes: number): number {
    const block = this.#malloc(nBytes + 2 * GUARD_BYTES) >>> 0;
    const address = block + GUARD_BYTES;
    const { HEAPU8 } = this.#heap;
    HEAPU8.fill(GUARD, block, address);
    HEAPU8.fill(UNWRITTEN, address, address + nBytes);
    HEAPU8.fill(GUARD, address + nBytes, address + nBytes + GUARD_BYTES);
    this.#sizes.set(address, nBytes);
    return address;
  }

  #release(address: number): void {
    if (this.#sizes.has(address)) {
      this.#checkAllocation(address);
      this.#sizes.delete(address);
      this.#free(address - GUARD_BYTES);
    } else {
      this.#free(address); // from before the guarding
    }
  }

  #checkAllocation(address: number): void {
    const nBytes = this.#sizes.get(address)!;
    const { HEAPU8 } = this.#heap;
    const before = HEAPU8.subarray(address - GUARD_BYTES, address);
    const after = HEAPU8.subarray(address + nBytes, address + nBytes + GUARD_BYTES);
    const isIntact = (bytes: Uint8Array) => bytes.every((byte) => byte === GUARD);
    if (!isIntact(before) || !isIntact(after)) {
      throw new Error(`Something wrote next to an allocation of ${nBytes} bytes.`);
    }
  }
}
