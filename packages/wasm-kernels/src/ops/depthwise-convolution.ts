import type { Tensor, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import { tapePosition } from './deferred-backend';
import { StatisticsGatherer } from './gather-statistics';
import { Input } from './input';
import type { OpsContext } from './ops-context';
import { gradientSource } from './pointwise-convolution';
import type { RowSource } from './row-source';
import { GEOMETRY_BYTES, type SameGeometry, sameGeometry, writeGeometry } from './same-geometry';

/** Depthwise convolution with SAME padding, image after image. */
export function depthwiseConv2d(
  context: OpsContext,
  { x, filter }: { x: Tensor4D; filter: Tensor4D },
  stride: number,
): Tensor4D {
  const input = new Input(context, x);
  const [batch, height, width, nChannels] = x.shape;
  const geometry = sameGeometry([height, width], [filter.shape[0], filter.shape[1]], stride);
  return context.differentiable<Tensor4D>(
    [x, filter],
    () => {
      const y = context.runtime.makeData([batch, ...geometry.outSize, nChannels]);
      convolve(context, { source: input.source, filter, geometry, y });
      return { value: context.runtime.toTensor(y), saved: [...input.source.parts, filter] };
    },
    (dy, saved) =>
      depthwiseGradients(context, dy.tensor, {
        input,
        source: input.source.withParts(saved.slice(0, -1)),
        filter: saved[saved.length - 1]!,
        geometry,
      }),
  );
}

interface Convolution {
  source: RowSource;
  filter: TensorInfo;
  geometry: SameGeometry;
  y: TensorInfo;
}

function convolve(context: OpsContext, { source, filter, geometry, y }: Convolution): void {
  const { runtime, batchStatistics } = context;
  const { nChannels } = source;
  const nIn = geometry.inSize[0] * geometry.inSize[1];
  const nOut = geometry.outSize[0] * geometry.outSize[1];
  const sizes = [GEOMETRY_BYTES, source.scratchBytes(nIn), StatisticsGatherer.bytes(nChannels)];
  runtime.withScratch(sizes, (sizesAddress, scratch, state) => {
    const statistics = tapePosition() && new StatisticsGatherer(runtime, nChannels, state!);
    writeGeometry(runtime, geometry, sizesAddress!);
    for (let image = 0; image < y.shape[0]!; image++) {
      const rows = source.read({ first: image * nIn, count: nIn }, scratch!);
      const target = runtime.addressOf(y) + 4 * image * nOut * nChannels;
      runtime.kernels.depthwise(rows, runtime.addressOf(filter), target, sizesAddress!, nChannels);
      statistics?.add(target, nOut);
    }
    if (statistics) batchStatistics.set(y.dataId, statistics.finish());
  });
}

interface DepthwiseContext {
  input: Input;
  source: RowSource;
  filter: TensorInfo;
  geometry: SameGeometry;
}

function depthwiseGradients(
  context: OpsContext,
  dy: Tensor4D,
  { input, source, filter, geometry }: DepthwiseContext,
): Tensor[] {
  const { runtime } = context;
  const { kernels } = runtime;
  const { nChannels } = source;
  const gradient = gradientSource(context, dy);
  const nIn = geometry.inSize[0] * geometry.inSize[1];
  const nOut = geometry.outSize[0] * geometry.outSize[1];
  const dFilter = runtime.makeZeros(filter.shape);
  const sizes = [
    GEOMETRY_BYTES,
    source.scratchBytes(nIn),
    gradient.scratchBytes(nOut),
    input.gradientStateBytes,
  ];
  const dx = runtime.withScratch(sizes, (sizesAddress, xScratch, dyScratch, state) => {
    const inputGradient = input.startGradient(source, state!);
    writeGeometry(runtime, geometry, sizesAddress!);
    for (let image = 0; image < dy.shape[0]; image++) {
      const range = { first: image * nIn, count: nIn };
      const dyRows = gradient.read({ first: image * nOut, count: nOut }, dyScratch!);
      const xRows = source.read(range, xScratch!);
      kernels.depthwiseFilterGradient(xRows, dyRows, runtime.addressOf(dFilter), sizesAddress!, nChannels);
      const target = inputGradient.addressOf(range.first);
      kernels.depthwiseInputGradient(dyRows, runtime.addressOf(filter), target, sizesAddress!, nChannels);
      inputGradient.finishRows(range);
    }
    return inputGradient.finish<Tensor4D>();
  });
  return [dx, runtime.toTensor(dFilter)];
}
