import type { WeightArray } from '@serial-oe/safetensors';
import type { ParameterSpec } from './parameters';

/** PyTorch's shape of a tensor of ours; of a dense convolution, with another number of input channels if that is given. */
export function torchShape({ shape, layout = 'plain' }: ParameterSpec, nInputs?: number): number[] {
  const [a, b, c, d] = shape as [number, number, number, number];
  switch (layout) {
    case 'dense':
      return [d, nInputs ?? c, a, b];
    case 'depthwise':
      return [c, 1, a, b];
    case 'squeeze':
      return [b, a, 1, 1];
    case 'linear':
      return [b, a];
    case 'plain':
      return shape;
  }
}

/** PyTorch's `[out, in, h, w]` (depthwise `[channels, 1, h, w]`) -> `[h, w, in, out]` (`[h, w, channels, 1]`). */
export function fromTorch(
  { shape, layout = 'plain' }: ParameterSpec,
  { shape: from, data }: WeightArray,
): WeightArray {
  if (layout === 'plain') return { shape, data };
  const [nOut, nIn, height = 1, width = 1] = from as [number, number, number?, number?];
  const nPositions = height * width;
  // Only a stem for RGB has more input channels than ours; its channels are summed into one.
  const nKept = layout === 'dense' && shape[2] === 1 ? 1 : nIn;
  const converted = new Float32Array(nPositions * nKept * nOut);
  for (let o = 0; o < nOut; o++) {
    for (let i = 0; i < nIn; i++) {
      for (let p = 0; p < nPositions; p++) {
        const target = (p * nKept + (i % nKept)) * nOut + o;
        const value = data[(o * nIn + i) * nPositions + p]!;
        converted[target] = i < nKept ? value : converted[target]! + value;
      }
    }
  }
  return { shape, data: converted };
}
