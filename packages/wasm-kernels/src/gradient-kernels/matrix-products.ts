import {
  avgPool,
  matMul,
  mul,
  ones,
  reshape,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  transpose,
} from '@tensorflow/tfjs-core';

/** `[batch, h, w, channels]` -> `[batch * h * w, channels]`. */
export function asRows(x: Tensor4D): Tensor2D {
  return reshape(x, [x.size / x.shape[3], x.shape[3]]);
}

/**
 * transpose(a) b for tall matrices `[rows, m]` and `[rows, n]`. The transpose flags of `matMul` take a slow path on
 * WASM, a transposed copy does not; and the right factor is repacked, so that the narrower one stands there.
 */
export function matMulTransposedLeft(a: Tensor2D, b: Tensor2D): Tensor2D {
  return a.shape[1] < b.shape[1] ? transpose(matMul(transpose(b), a) as Tensor2D) : matMul(transpose(a), b);
}

/**
 * Sum over batch, height and width, `[channels]`. The average pool and ones x X are an order of magnitude faster on
 * WASM than `sum` over outer axes.
 */
export function channelSums(x: Tensor4D): Tensor1D {
  const [batch, height, width, nChannels] = x.shape;
  const area = height * width;
  // XNNPACK refuses to pool over a single pixel.
  const images = area === 1 ? x : mul(avgPool(x, [height, width], 1, 'valid'), area);
  return reshape(matMul(ones([1, batch]) as Tensor2D, reshape(images, [batch, nChannels])), [nChannels]);
}

/** Sums of `groupSize` neighbouring channels, `[batch, h, w, channels / groupSize]`. */
export function sumChannelGroups(x: Tensor4D, groupSize: number): Tensor4D {
  if (groupSize === 1) return x;
  const [batch, height, width, nChannels] = x.shape;
  const groups = reshape(x, [x.size / groupSize, groupSize]);
  return reshape(matMul(groups, ones([groupSize, 1]) as Tensor2D), [
    batch,
    height,
    width,
    nChannels / groupSize,
  ]);
}
