import {
  acos,
  add,
  argMax,
  cast,
  ceil,
  clipByValue,
  concat,
  cos,
  div,
  exp,
  floor,
  gather,
  greater,
  log,
  max,
  maximum,
  mean,
  minimum,
  mul,
  oneHot,
  reshape,
  type Scalar,
  sub,
  sum,
  type Tensor,
  topk,
  where,
} from '@tensorflow/tfjs-core';

/** Keeps the arc cosine within its domain in float32 (spacing below 1: 6e-8). */
const COSINE_LIMIT = 1 - 1e-7;

/**
 * The next scale of Sub-cluster AdaCos (formula at `SubClusterAdaCos`), in tensor ops alone: no value is read
 * back, so it runs on backends that read asynchronously only.
 * @param cosines `[batch, nClasses, nSubClusters]`.
 * @param targets `[batch, nClasses]`; all-zero rows do not count, and if all are, the scale stays.
 */
export function adaptedScale(cosines: Tensor, targets: Tensor, scale: Tensor): Scalar {
  const counts = cast(greater(sum(targets, 1), 0), 'float32'); // [batch]
  const nCounted = sum(counts);
  const logits = mul(cosines, scale);
  const shift = max(logits);
  const sums = mul(sum(exp(sub(logits, shift)), [1, 2]), counts); // [batch]
  const total = where(greater(nCounted, 0), div(sum(sums), maximum(nCounted, 1)), 1); // log(0) would be in the way
  const median = maskedMedian(ownAngles(cosines, targets), counts, nCounted);
  const adapted = div(add(log(total), shift), cos(minimum(median, Math.PI / 4)));
  return where(greater(nCounted, 0), maximum(adapted, 0), scale) as Scalar;
}

/** Angle between each embedding and the nearest centre of its class, `[batch]`. */
function ownAngles(cosines: Tensor, targets: Tensor): Tensor {
  const nearest = max(cosines, 2); // [batch, nClasses]
  const isOwn = cast(oneHot(argMax(targets, 1), targets.shape[1]!), 'float32');
  return acos(clipByValue(sum(mul(nearest, isOwn), 1), -COSINE_LIMIT, COSINE_LIMIT));
}

/** Median of the angles whose mask is 1; of an even number the mean of the middle two. */
function maskedMedian(angles: Tensor, mask: Tensor, nCounted: Tensor): Tensor {
  const masked = sub(mul(add(angles, 1), mask), 1); // -1, below any angle, where the mask is 0
  const { values } = topk(masked, masked.size); // descending: those that count come first
  const middle = reshape(div(maximum(sub(nCounted, 1), 0), 2), [1]);
  return mean(gather(values, cast(concat([floor(middle), ceil(middle)]), 'int32')));
}
