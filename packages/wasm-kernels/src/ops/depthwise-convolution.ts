import type { Tensor, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import {
  GEOMETRY_BYTES,
  type ImageGeometry,
  imageGeometry,
  nInPixels,
  nOutPixels,
  writeGeometry,
} from '../convolution/image-geometry';
import { tapePosition } from '../rows/deferred-backend';
import type { RowSource } from '../rows/row-source';
import { StatisticsGatherer } from './gather-statistics';
import { gradientSource, Input } from './input';
import type { OpsContext } from './ops-context';
import type { DepthwiseOptions } from './wasm-ops';

/** Depthwise convolution, image after image. */
export function depthwiseConv2d(
  context: OpsContext,
  { x, filter }: { x: Tensor4D; filter: Tensor4D },
  { stride, padding = 'same' }: DepthwiseOptions,
): Tensor4D {
  const { runtime, differentiable } = context;
  const input = new Input(context, x);
  const [batch, height, width, nChannels] = x.shape;
  const kernelShape = [filter.shape[0], filter.shape[1]] as const;
  const geometry = imageGeometry([height, width], kernelShape, { stride, padding });
  return differentiable<Tensor4D>(
    [x, filter],
    () => {
      const y = runtime.makeData([batch, geometry.height.outSize, geometry.width.outSize, nChannels]);
      convolve(context, { source: input.source, filter, geometry, y });
      return { value: runtime.toTensor<Tensor4D>(y), saved: [...input.source.parts, filter] };
    },
    (dy, saved) => {
      const source = input.source.withParts(saved.slice(0, -1));
      const savedFilter = saved[saved.length - 1]!;
      return depthwiseGradients(context, dy.tensor, { input, source, filter: savedFilter, geometry });
    },
  );
}

interface Convolution {
  source: RowSource;
  filter: TensorInfo;
  geometry: ImageGeometry;
  y: TensorInfo;
}

function convolve(context: OpsContext, { source, filter, geometry, y }: Convolution): void {
  const { runtime, batchStatistics } = context;
  const { nChannels } = source;
  const [nIn, nOut] = [nInPixels(geometry), nOutPixels(geometry)];
  const sizes = [GEOMETRY_BYTES, source.scratchBytes(nIn), StatisticsGatherer.bytes(nChannels)] as const;
  runtime.withScratch(sizes, ([sizesAddress, scratch, state]) => {
    const statistics = tapePosition() && new StatisticsGatherer(runtime, nChannels, state);
    writeGeometry(runtime, geometry, sizesAddress);
    for (let image = 0; image < y.shape[0]!; image++) {
      const rows = source.read({ first: image * nIn, count: nIn }, scratch);
      const target = runtime.addressOf(y) + 4 * image * nOut * nChannels;
      runtime.kernels.depthwise(rows, runtime.addressOf(filter), target, sizesAddress, nChannels);
      statistics?.add(target, nOut);
    }
    if (statistics) batchStatistics.set(y.dataId, statistics.finish());
  });
}

interface SavedDepthwise {
  input: Input;
  source: RowSource;
  filter: TensorInfo;
  geometry: ImageGeometry;
}

function depthwiseGradients(
  context: OpsContext,
  dy: Tensor4D,
  { input, source, filter, geometry }: SavedDepthwise,
): Tensor[] {
  const { runtime } = context;
  const { kernels } = runtime;
  const { nChannels } = source;
  const gradient = gradientSource(context, dy);
  const [nIn, nOut] = [nInPixels(geometry), nOutPixels(geometry)];
  const dFilter = runtime.makeZeros(filter.shape);
  const sizes = [
    GEOMETRY_BYTES,
    source.scratchBytes(nIn),
    gradient.scratchBytes(nOut),
    ...input.gradientBytes(nIn),
  ] as const;
  const dx = runtime.withScratch(sizes, ([sizesAddress, xScratch, dyScratch, ...scratch]) => {
    const result = input.startGradient(source, scratch);
    writeGeometry(runtime, geometry, sizesAddress);
    for (let image = 0; image < dy.shape[0]; image++) {
      const range = { first: image * nIn, count: nIn };
      const dyRows = gradient.read({ first: image * nOut, count: nOut }, dyScratch);
      const xRows = result.readInput(range, xScratch);
      kernels.depthwiseFilterGradient(xRows, dyRows, runtime.addressOf(dFilter), sizesAddress, nChannels);
      const target = result.addressOf(range.first);
      kernels.depthwiseInputGradient(dyRows, runtime.addressOf(filter), target, sizesAddress, nChannels);
      result.finishRows(range);
    }
    return result.finish<Tensor4D>();
  });
  return [dx, runtime.toTensor(dFilter)];
}
