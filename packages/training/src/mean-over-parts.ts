import {
  add,
  clone,
  dispose,
  mul,
  type NamedTensorMap,
  type Tensor,
  tidy,
  type Variable,
} from '@tensorflow/tfjs-core';
import { type Losses, meanLosses } from './losses';

/**
 * Takes the parts of a batch to one update: gradients, losses and state (running statistics, the scale of an ID loss) are
 * the means over the parts, each part having started from the state before the step. It is what `workers` do, one
 * part after the other.
 */
export class MeanOverParts {
  readonly #nParts: number;
  readonly #state: readonly Variable[];
  readonly #start: Tensor[];
  #gradients: NamedTensorMap = {};
  #stateSums: Tensor[] = [];
  #losses: Losses[] = [];

  constructor(nParts: number, state: readonly Variable[]) {
    this.#nParts = nParts;
    this.#state = state;
    // Of one part the mean is the part, bit for bit: nothing is copied.
    this.#start = nParts > 1 ? state.map((variable) => clone(variable as Tensor)) : [];
  }

  /** Takes over the gradients, and puts the state back to where the step began. */
  add(gradients: NamedTensorMap, losses: Losses): void {
    this.#losses.push(losses);
    if (this.#losses.length === 1) this.#gradients = gradients;
    else this.#gradients = addEach(this.#gradients, gradients);
    if (this.#nParts === 1) return;
    const before = this.#stateSums;
    this.#stateSums = this.#state.map((variable, i) =>
      before[i] ? add(before[i], variable as Tensor) : clone(variable as Tensor),
    );
    dispose(before);
    tidy(() => {
      for (const [i, variable] of this.#state.entries()) variable.assign(clone(this.#start[i] as Tensor));
    });
  }

  /** Sets the state; the gradients are the caller's. */
  finish(): { gradients: NamedTensorMap; losses: Losses } {
    const losses = meanLosses(this.#losses);
    if (this.#nParts === 1) return { gradients: this.#gradients, losses };
    const share = 1 / this.#nParts;
    const gradients: NamedTensorMap = {};
    for (const [name, sum] of Object.entries(this.#gradients)) gradients[name] = mul(sum, share);
    tidy(() => {
      for (const [i, variable] of this.#state.entries())
        variable.assign(mul(this.#stateSums[i] as Tensor, share));
    });
    dispose([this.#start, this.#stateSums]);
    dispose(this.#gradients);
    return { gradients, losses };
  }
}

function addEach(sums: NamedTensorMap, gradients: NamedTensorMap): NamedTensorMap {
  const added: NamedTensorMap = {};
  // A variable without a gradient has none in any part: all run the same graph.
  for (const [name, gradient] of Object.entries(gradients)) added[name] = add(sums[name] as Tensor, gradient);
  dispose(sums);
  dispose(gradients);
  return added;
}
