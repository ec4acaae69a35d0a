import type { Tensor2D, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import type { RowSource } from '../rows/row-source';
import type { WasmRuntime } from '../runtime/wasm-runtime';
import { gradientSource, Input } from './input';
import type { OpsContext } from './ops-context';

/** Mean over height and width. */
export function globalAveragePool(context: OpsContext, x: Tensor4D): Tensor2D {
  const { runtime } = context;
  const input = new Input(context, x);
  const [batch, height, width, nChannels] = x.shape;
  return context.differentiable<Tensor2D>(
    [x],
    () => ({
      value: runtime.toTensor<Tensor2D>(meanOfImages(runtime, input.source, batch)),
      saved: input.source.recipe ? input.source.parts : [],
    }),
    (dy, saved) => {
      const source = input.source.recipe ? input.source.withParts(saved) : input.source;
      const gradient = gradientSource(context, dy.tensor);
      const nPixels = height * width;
      const sizes = [gradient.scratchBytes(batch), ...input.gradientBytes(0)] as const;
      const dx = runtime.withScratch(sizes, ([meansScratch, ...scratch]) => {
        const result = input.startGradient(source, scratch);
        const means = gradient.read({ first: 0, count: batch }, meansScratch);
        for (let image = 0; image < batch; image++) {
          const first = image * nPixels;
          const mean = means + 4 * image * nChannels;
          runtime.kernels.repeatRow(mean, nPixels, nChannels, 1 / nPixels, result.addressOf(first));
          result.finishRows({ first, count: nPixels });
        }
        return result.finish<Tensor4D>();
      });
      return [dx];
    },
  );
}

/** Means over the pixels of each image, `[batch, channels]`. */
export function meanOfImages(runtime: WasmRuntime, source: RowSource, batch: number): TensorInfo {
  const { nChannels } = source;
  const nPixels = source.nRows / batch;
  const means = runtime.makeZeros([batch, nChannels]);
  const size = batch * nChannels;
  runtime.withScratch([source.scratchBytes(nPixels)], ([scratch]) => {
    for (let image = 0; image < batch; image++) {
      const rows = source.read({ first: image * nPixels, count: nPixels }, scratch);
      runtime.kernels.addRows(rows, nPixels, nChannels, runtime.addressOf(means) + 4 * image * nChannels);
    }
    runtime.kernels.scaleValues(runtime.addressOf(means), 1 / nPixels, runtime.addressOf(means), size);
  });
  return means;
}
