import { customGrad, engine, type GradSaveFunc, type Tensor, tidy } from '@tensorflow/tfjs-core';

export interface Forward<T extends Tensor> {
  value: T;
  /** What the backward pass needs; the tape keeps it. */
  saved: Tensor[];
}

/** Turns inputs and a backward rule into one node of the tape. */
export type Differentiable = <T extends Tensor>(
  inputs: readonly Tensor[],
  forward: () => Forward<T>,
  backward: (dy: T, saved: Tensor[]) => Tensor[],
) => T;

/**
 * Makes the function by which each operation defines its own gradient (tfjs-core alone registers none).
 *
 * The tape would hold every gradient and every saved tensor until the backward pass ends. Both are freed here as
 * soon as the operation's gradient is known: saved tensors always, `dy` where it was made by an operation of the
 * same set within the running backward pass. A `dy` that the caller passed in is left alone.
 */
export function createDifferentiable(): Differentiable {
  const ownGradients = new WeakSet<Tensor>();
  const isOurs = (dy: Tensor) => ownGradients.has(dy) && dy.scopeId === engine().state.activeScope.id;

  return <T extends Tensor>(
    inputs: readonly Tensor[],
    forward: () => Forward<T>,
    backward: (dy: T, saved: Tensor[]) => Tensor[],
  ): T => {
    const node = customGrad((...args: (Tensor | GradSaveFunc)[]) => {
      const save = args[args.length - 1] as GradSaveFunc;
      const { value, saved } = forward();
      save(saved);
      const gradFunc = (dy: T, kept: Tensor[]): Tensor[] => {
        const gradients = tidy(() => backward(dy, kept));
        for (const tensor of kept) tensor.dispose();
        if (isOurs(dy)) dy.dispose();
        for (const gradient of gradients) ownGradients.add(gradient);
        return gradients;
      };
      return { value, gradFunc };
    });
    return node(...inputs) as T;
  };
}
