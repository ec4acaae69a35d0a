import {
  cast,
  customGrad,
  type GradSaveFunc,
  mul,
  type Scalar,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';

/** A scalar function of tensors with its gradient in closed form. */
export interface ScalarFunction {
  /** Tensors that receive a gradient. */
  inputs: readonly Tensor[];
  /** Tensors that do not: targets, fixed weights. Integers and booleans count as float32. */
  constants: readonly Tensor[];
  value: (inputs: readonly Tensor[], constants: readonly Tensor[]) => Scalar;
  /** Derivatives of the value by each input, in their shapes. */
  gradients: (inputs: readonly Tensor[], constants: readonly Tensor[]) => Tensor[];
}

/**
 * Evaluates the function as one node of the tape, so that it has a gradient although plain tfjs-core registers
 * none for any op. Inputs and constants are saved on the tape: the caller may free its own at once.
 */
export function differentiableScalar({ inputs, constants, value, gradients }: ScalarFunction): Scalar {
  const node = customGrad((...args: (Tensor | GradSaveFunc)[]) => {
    const save = args.at(-1) as GradSaveFunc;
    const numbers = constants.map((constant) => cast(constant, 'float32'));
    save([...inputs, ...numbers]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] =>
      tidy(() => {
        const savedInputs = saved.slice(0, inputs.length);
        return gradients(savedInputs, saved.slice(inputs.length)).map((gradient) => mul(gradient, dy));
      });
    return { value: value(inputs, numbers), gradFunc };
  });
  return node(...inputs) as Scalar;
}
