import {
  add,
  customGrad,
  div,
  type GradSaveFunc,
  matMul,
  maximum,
  mean,
  mul,
  relu,
  type Scalar,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';

/** Shortest distance that is divided by. */
const LEAST_DISTANCE = 1e-6;

/**
 * Pulls each embedding x to the centroid of its class, and pushes it out of a ball about that of the other:
 *
 *     mean over n of |x_n - c_own|^2 + max(0, margin - |x_n - c_other|)^2
 *
 * Differentiable by the embeddings and the centroids.
 * @param embedding `[batch, embeddingSize]`
 * @param centroids `[2, embeddingSize]`
 * @param options isOwn: `[batch, 2]`, 1 at the class of each sample
 */
export function centroidLoss(
  embedding: Tensor2D,
  centroids: Tensor2D,
  { isOwn, margin }: { isOwn: Tensor2D; margin: number },
): Scalar {
  const evaluate = (x: Tensor2D, c: Tensor2D, own: Tensor2D) => {
    const other = sub<Tensor2D>(1, own);
    const toOwn = sub<Tensor2D>(x, matMul(own, c));
    const toOther = sub<Tensor2D>(x, matMul(other, c));
    const distance = maximum(sqrt(sum(square(toOther), 1, true)), LEAST_DISTANCE); // [batch, 1]
    return { own, other, toOwn, toOther, distance, short: relu(sub(margin, distance)) };
  };
  const node = customGrad((...args: (Tensor | GradSaveFunc)[]) => {
    const [x, c, save] = args as [Tensor2D, Tensor2D, GradSaveFunc];
    save([x, c, isOwn]);
    const { toOwn, short } = evaluate(x, c, isOwn);
    const value = mean(add(sum(square(toOwn), 1, true), square(short))) as Scalar;
    const gradFunc = (dy: Tensor, saved: Tensor[]) =>
      tidy(() => {
        const parts = evaluate(...(saved as [Tensor2D, Tensor2D, Tensor2D]));
        const factor = mul(dy, 2 / saved[0]!.shape[0]!);
        const pull = mul<Tensor2D>(parts.toOwn, factor);
        const push = mul<Tensor2D>(mul(parts.toOther, div(parts.short, parts.distance)), factor);
        const byCentroids = sub(matMul(transpose(parts.other), push), matMul(transpose(parts.own), pull));
        return [sub(pull, push), byCentroids];
      });
    return { value, gradFunc };
  });
  return node(embedding, centroids) as Scalar;
}
