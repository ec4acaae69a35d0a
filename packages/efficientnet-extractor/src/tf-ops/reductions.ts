import {
  avgPool,
  matMul,
  mul,
  ones,
  reshape,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  transpose,
} from '@tensorflow/tfjs-core';

/** `[rows, columns]` -> `[columns]`. On WASM, ones x X is an order of magnitude faster than `sum` over outer axes. */
function sumRows(x: Tensor2D): Tensor1D {
  return reshape(matMul(ones([1, x.shape[0]]) as Tensor2D, x), [x.shape[1]]);
}

/**
 * Sum over all axes but the last, `[channels]`. A 4-d tensor is summed over height and width by a global average
 * pool, which is a fast kernel on every backend and keeps the float32 chains of additions short.
 */
export function channelSums(x: Tensor): Tensor1D {
  return x.rank === 4 ? sumRows(spatialSum(x as Tensor4D)) : sumRows(asRows(x));
}

/** Mean over height and width, `[batch, channels]`. */
export function spatialMean(x: Tensor4D): Tensor2D {
  const [batch, height, width, nChannels] = x.shape;
  return reshape(avgPool(x, [height, width], 1, 'valid'), [batch, nChannels]);
}

/** Sum over height and width, `[batch, channels]`. */
export function spatialSum(x: Tensor4D): Tensor2D {
  return mul(spatialMean(x), x.shape[1] * x.shape[2]);
}

/** `[batch, h, w, channels]` -> `[batch * h * w, channels]`. */
export function asRows(x: Tensor): Tensor2D {
  return reshape(x, [-1, x.shape[x.rank - 1]!]);
}

/**
 * transpose(a) b for tall matrices. On WASM the transpose flags of `matMul` take a slow path, a transposed copy does
 * not; and the right factor is repacked, so that the narrower one stands there.
 */
export function matMulTransposedLeft(a: Tensor2D, b: Tensor2D): Tensor2D {
  return a.shape[1] < b.shape[1] ? transpose(matMul(transpose(b), a) as Tensor2D) : matMul(transpose(a), b);
}

/** a transpose(b) for matrices. */
export function matMulTransposedRight(a: Tensor2D, b: Tensor2D): Tensor2D {
  return matMul(a, transpose(b));
}
