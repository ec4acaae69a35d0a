/** Places in the control array. */
const N_ARRIVED = 0;
const GENERATION = 1;

/** Memory that the threads of a group share. */
export interface SharedGroup {
  nMembers: number;
  /** Values that each member contributes. */
  length: number;
  /** `[nMembers, length]` float32. */
  contributions: SharedArrayBuffer;
  /** `[length]` float32, the mean of the contributions. */
  mean: SharedArrayBuffer;
  /** Two int32: how many have arrived at the barrier, and how often it has opened. */
  control: SharedArrayBuffer;
}

/** Memory for a group of `nMembers` threads that average `length` values. */
export function createSharedGroup(nMembers: number, length: number): SharedGroup {
  const bytes = Float32Array.BYTES_PER_ELEMENT;
  return {
    nMembers,
    length,
    contributions: new SharedArrayBuffer(nMembers * length * bytes),
    mean: new SharedArrayBuffer(length * bytes),
    control: new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT),
  };
}

/**
 * Averages arrays over threads. Each member writes its contribution, averages its own part of the whole, and reads the
 * mean: every member gets the same bits, and the sum runs in the order of the members whoever comes first.
 */
export class AllReduce {
  /** `[length]`: what this member contributes; write it before {@link average}. */
  readonly contribution: Float32Array;
  /** `[length]`: the mean after {@link average}. */
  readonly mean: Float32Array;
  readonly #all: Float32Array;
  readonly #control: Int32Array;
  readonly #group: SharedGroup;
  readonly #rank: number;

  constructor(group: SharedGroup, rank: number) {
    this.#group = group;
    this.#rank = rank;
    this.#all = new Float32Array(group.contributions);
    this.mean = new Float32Array(group.mean);
    this.#control = new Int32Array(group.control);
    this.contribution = this.#all.subarray(rank * group.length, (rank + 1) * group.length);
  }

  /** Blocks the thread until all members are here and the mean is ready. */
  average(): void {
    this.#barrier();
    this.#averagePart();
    this.#barrier();
  }

  #averagePart(): void {
    const { nMembers, length } = this.#group;
    const [all, mean] = [this.#all, this.mean];
    const begin = Math.floor((length * this.#rank) / nMembers);
    const end = Math.floor((length * (this.#rank + 1)) / nMembers);
    for (let i = begin; i < end; i++) {
      let sum = 0; // float64
      for (let member = 0; member < nMembers; member++) sum += all[member * length + i] as number;
      mean[i] = sum / nMembers;
    }
  }

  #barrier(): void {
    const control = this.#control;
    const generation = Atomics.load(control, GENERATION);
    if (Atomics.add(control, N_ARRIVED, 1) === this.#group.nMembers - 1) {
      Atomics.store(control, N_ARRIVED, 0);
      Atomics.add(control, GENERATION, 1);
      Atomics.notify(control, GENERATION);
      return;
    }
    while (Atomics.load(control, GENERATION) === generation) Atomics.wait(control, GENERATION, generation);
  }
}
