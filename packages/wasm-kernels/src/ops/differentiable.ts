import {
  customGrad,
  engine,
  type GradSaveFunc,
  type Tensor,
  type TensorInfo,
  tidy,
} from '@tensorflow/tfjs-core';
import type { WasmRuntime } from '../runtime/wasm-runtime';

export interface Forward<T extends Tensor> {
  value: T;
  /** What the gradient needs. The tape keeps it until the gradient has been computed. */
  saved: readonly TensorInfo[];
}

/** The gradient that an operation is handed, and whether its memory may be written. */
export interface IncomingGradient<T extends Tensor> {
  tensor: T;
  /** Made by an operation of this set within the running backward pass, and read by nobody else. */
  isWritable: boolean;
}

/** Turns inputs and a rule for their gradients into one node of the tape. */
export type Differentiable = <T extends Tensor>(
  inputs: readonly Tensor[],
  forward: () => Forward<T>,
  backward: (dy: IncomingGradient<T>, saved: Tensor[]) => Tensor[],
) => T;

/**
 * Makes the function by which the operations define their gradients (tfjs-core alone registers none).
 *
 * The tape would hold all gradients and saved tensors until the backward pass ends. Here both go as soon as the
 * gradients of the operation are known: saved tensors always, `dy` where an operation of this set made it within the
 * running backward pass. A `dy` from elsewhere (the caller, another op, a sum of gradients) is left alone.
 */
export function createDifferentiable(runtime: WasmRuntime): Differentiable {
  const ownGradients = new WeakSet<Tensor>();
  const isOwn = (dy: Tensor) => ownGradients.has(dy) && dy.scopeId === engine().state.activeScope.id;

  return <T extends Tensor>(
    inputs: readonly Tensor[],
    forward: () => Forward<T>,
    backward: (dy: IncomingGradient<T>, saved: Tensor[]) => Tensor[],
  ): T => {
    const node = customGrad((...args: (Tensor | GradSaveFunc)[]) => {
      const save = args[args.length - 1] as GradSaveFunc;
      const { value, saved } = forward();
      save(saved.map((info) => runtime.share(info)));
      const gradFunc = (dy: T, kept: Tensor[]): Tensor[] => {
        const isDisposable = isOwn(dy);
        const isWritable = isDisposable && runtime.isSole(dy);
        const gradients = tidy(() => backward({ tensor: dy, isWritable }, kept));
        for (const tensor of kept) tensor.dispose();
        if (isDisposable) dy.dispose();
        for (const gradient of gradients) ownGradients.add(gradient);
        return gradients;
      };
      return { value, gradFunc };
    });
    return node(...inputs) as T;
  };
}
