import type { Tensor4D } from '@tensorflow/tfjs-core';
import { forEachBlock } from '../rows/row-range';
import { Input } from './input';
import type { OpsContext } from './ops-context';
import { storedValues } from './stored-values';

/** Floats of each summand in a block. */
const BLOCK_FLOATS = 32_768;

/** a + b; the gradient is handed on to both. */
export function addTensors(context: OpsContext, a: Tensor4D, b: Tensor4D): Tensor4D {
  const { runtime } = context;
  const [left, right] = [new Input(context, a).source, new Input(context, b).source];
  return context.differentiable<Tensor4D>(
    [a, b],
    () => {
      const y = runtime.makeData(a.shape);
      const { nChannels, nRows } = left;
      const blockRows = Math.max(1, Math.floor(BLOCK_FLOATS / nChannels));
      const sizes = [left.scratchBytes(blockRows), right.scratchBytes(blockRows)] as const;
      runtime.withScratch(sizes, ([leftScratch, rightScratch]) => {
        forEachBlock(nRows, blockRows, (range) => {
          const target = runtime.addressOf(y) + 4 * range.first * nChannels;
          const size = range.count * nChannels;
          const leftRows = left.read(range, leftScratch);
          runtime.kernels.addValues(leftRows, right.read(range, rightScratch), target, size);
        });
      });
      return { value: runtime.toTensor<Tensor4D>(y), saved: [] };
    },
    ({ tensor }) => {
      const dy = storedValues(context, tensor);
      return [runtime.toTensor<Tensor4D>(dy), runtime.share<Tensor4D>(dy)];
    },
  );
}
