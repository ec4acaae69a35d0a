import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { addToFilterGradient, filterGradientBytes } from '../convolution/filter-gradient';
import { forEachBlock } from '../rows/row-range';
import { packedRightBytes } from '../runtime/kernel-exports';
import { gradientSource } from './input';
import type { OpsContext } from './ops-context';
import type { SavedConvolution } from './saved-convolution';

/**
 * The gradients of a 1x1 convolution, dx = dy transpose(filter) and dFilter = transpose(x) dy, both from one read of each
 * block of rows.
 */
export function pointwiseGradients(
  context: OpsContext,
  dy: Tensor4D,
  { input, windows, savedFilter }: SavedConvolution,
): Tensor[] {
  const { runtime } = context;
  const { source } = windows;
  const gradient = gradientSource(context, dy);
  const [nIn, nOut] = [source.nChannels, gradient.nChannels];
  const blockRows = windows.blockRows(nOut);
  const dFilter = runtime.makeZeros(savedFilter.shape);
  const sizes = [
    packedRightBytes(nOut, nIn),
    source.scratchBytes(blockRows),
    gradient.scratchBytes(blockRows),
    ...filterGradientBytes(blockRows, { length: nIn, nOut }),
    ...input.gradientBytes(blockRows),
  ] as const;
  const dx = runtime.withScratch(sizes, (areas) => {
    const [packed, xScratch, dyScratch, packedX, packedDy, ...scratch] = areas;
    const result = input.startGradient(source, scratch);
    runtime.kernels.packRightTransposed(runtime.addressOf(savedFilter), packed, nOut, nIn);
    forEachBlock(source.nRows, blockRows, (range) => {
      const { first, count } = range;
      const dyRows = gradient.read(range, dyScratch);
      const xRows = result.readInput(range, xScratch);
      addToFilterGradient(
        runtime,
        { windows: xRows, dy: dyRows, count },
        { dFilter: runtime.addressOf(dFilter), length: nIn, nOut, scratch: [packedX, packedDy] },
      );
      runtime.kernels.multiply(dyRows, packed, result.addressOf(first), count, nOut, nIn);
      result.finishRows(range);
    });
    return result.finish<Tensor4D>();
  });
  return [dx, runtime.toTensor(dFilter)];
}
