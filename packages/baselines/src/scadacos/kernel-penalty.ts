import {
  add,
  customGrad,
  type GradSaveFunc,
  mul,
  type Scalar,
  scalar,
  square,
  sum,
  type Tensor,
  type Variable,
} from '@tensorflow/tfjs-core';

/** `factor` times the sum of the squares of all values, as Keras' L2 regularizer; differentiable by the kernels. */
export function kernelPenalty(kernels: readonly Variable[], factor: number): Scalar {
  const node = customGrad((...args: (Tensor | GradSaveFunc)[]) => {
    const save = args.at(-1) as GradSaveFunc;
    const inputs = args.slice(0, -1) as Tensor[];
    save(inputs);
    const total = inputs.reduce<Tensor>((value, input) => add(value, sum(square(input))), scalar(0));
    const gradFunc = (dy: Tensor, saved: Tensor[]) => saved.map((each) => mul(each, mul(dy, 2 * factor)));
    return { value: mul(total, factor) as Scalar, gradFunc };
  });
  return node(...(kernels as readonly Tensor[])) as Scalar;
}
