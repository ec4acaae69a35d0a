import {
  customGrad,
  type GradSaveFunc,
  mean,
  mul,
  type Scalar,
  square,
  sub,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** Mean squared error over all values of a batch, differentiable by the reconstruction: 2 (r - x) / n. */
export function reconstructionLoss(reconstruction: Tensor, x: Tensor): Scalar {
  const node = customGrad((...args: (Tensor | GradSaveFunc)[]) => {
    const [r, save] = args as [Tensor, GradSaveFunc];
    save([r, x]);
    const gradFunc = (dy: Tensor, saved: Tensor[]) => {
      const [from, to] = saved as [Tensor, Tensor];
      return [mul(mul(sub(from, to), 2 / from.size), dy)];
    };
    return { value: mean(square(sub(r, x))) as Scalar, gradFunc };
  });
  return node(reconstruction) as Scalar;
}
