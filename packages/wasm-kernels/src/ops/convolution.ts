import type { Tensor, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import { denseProduct } from '../convolution/dense-product';
import { filterGradient } from '../convolution/filter-gradient';
import {
  type AxisGeometry,
  GEOMETRY_BYTES,
  type ImageGeometry,
  imageGeometry,
  writeGeometry,
} from '../convolution/image-geometry';
import { Windows } from '../convolution/windows';
import { tapePosition } from '../rows/deferred-backend';
import { forEachBlock, type RowRange } from '../rows/row-range';
import { type Address, packedRightBytes } from '../runtime/kernel-exports';
import type { WasmRuntime } from '../runtime/wasm-runtime';
import { StatisticsGatherer } from './gather-statistics';
import { gradientSource, Input } from './input';
import type { OpsContext } from './ops-context';
import { pointwiseGradients } from './pointwise-gradients';
import type { SavedConvolution } from './saved-convolution';
import type { ConvolutionOptions } from './wasm-ops';

/** Dense convolution: the values under the window as rows `[kh kw in]`, times the filter. */
export function conv2d(
  context: OpsContext,
  { x, filter }: { x: Tensor4D; filter: Tensor4D },
  { stride, isInput = false, padding = 'same' }: ConvolutionOptions,
): Tensor4D {
  const [kernelHeight, kernelWidth] = filter.shape;
  const geometry = imageGeometry([x.shape[1], x.shape[2]], [kernelHeight, kernelWidth], { stride, padding });
  return convolution(context, { x, filter, geometry }, (dy, { input, windows, savedFilter }) => {
    const { runtime } = context;
    const gradient = gradientSource(context, dy);
    const dFilter = filterGradient(runtime, { windows, dy: gradient }, filter.shape);
    const dx = isInput
      ? runtime.toTensor<Tensor4D>(runtime.makeZeros(x.shape))
      : isQuickerGathered(windows)
        ? gatheredInputGradient(context, windows, { dy, savedFilter, input })
        : inputGradient(context, windows, { dy, savedFilter, input });
    return [dx, runtime.toTensor(dFilter)];
  });
}

/** 1x1 convolution: the pixels of the input, times the filter. */
export function pointwiseConv2d(context: OpsContext, x: Tensor4D, filter: Tensor4D): Tensor4D {
  const geometry = imageGeometry([x.shape[1], x.shape[2]], [1, 1], { stride: 1, padding: 'valid' });
  return convolution(context, { x, filter, geometry }, (dy, saved) => pointwiseGradients(context, dy, saved));
}

/** Columns that the kernels multiply at a time. */
const PANEL_COLUMNS = 8;

interface Convolution {
  x: Tensor4D;
  filter: Tensor4D;
  geometry: ImageGeometry;
}

function convolution(
  context: OpsContext,
  { x, filter, geometry }: Convolution,
  backward: (dy: Tensor4D, saved: SavedConvolution) => Tensor[],
): Tensor4D {
  const { runtime, differentiable } = context;
  const input = new Input(context, x);
  return differentiable<Tensor4D>(
    [x, filter],
    () => {
      const { height, width } = geometry;
      const y = runtime.makeData([x.shape[0], height.outSize, width.outSize, filter.shape[3]]);
      multiplyByFilter(context, new Windows(runtime, input.source, geometry), { filter, y });
      return { value: runtime.toTensor<Tensor4D>(y), saved: [...input.source.parts, filter] };
    },
    ({ tensor }, saved) => {
      const source = input.source.withParts(saved.slice(0, -1));
      const windows = new Windows(runtime, source, geometry);
      return backward(tensor, { input, windows, savedFilter: saved[saved.length - 1]! });
    },
  );
}

function multiplyByFilter(
  { runtime, batchStatistics }: OpsContext,
  { source, geometry }: Windows,
  { filter, y }: { filter: TensorInfo; y: TensorInfo },
): void {
  const nOut = y.shape[3]!;
  const product = denseProduct(runtime, source, { geometry, nOut });
  const sizes = [StatisticsGatherer.bytes(nOut), ...product.scratchBytes] as const;
  const addressOf = (row: number) => runtime.addressOf(y) + 4 * nOut * row;
  runtime.withScratch(sizes, ([state, ...areas]) => {
    const statistics = tapePosition() && new StatisticsGatherer(runtime, nOut, state);
    const use = ({ first, count }: RowRange) => statistics?.add(addressOf(first), count);
    product.multiply(areas, { filter: runtime.addressOf(filter), addressOf }, use);
    if (statistics) batchStatistics.set(y.dataId, statistics.finish());
  });
}

/** The gradient of a dense convolution for its input: that of the windows, put back to where they came from. */
function inputGradient(
  context: OpsContext,
  windows: Windows,
  { dy, savedFilter, input }: { dy: Tensor4D; savedFilter: TensorInfo; input: Input },
): Tensor4D {
  const { runtime } = context;
  const { kernels } = runtime;
  const gradient = gradientSource(context, dy);
  const nOut = gradient.nChannels;
  const { length, nInPixels, nOutPixels, source } = windows;
  const blockRows = Math.min(nOutPixels, windows.blockRows(nOut));
  const sizes = [
    GEOMETRY_BYTES,
    packedRightBytes(nOut, length),
    gradient.scratchBytes(blockRows),
    4 * length * blockRows,
    ...input.gradientBytes(0),
  ] as const;
  return runtime.withScratch(sizes, ([geometry, packed, dyScratch, rows, ...scratch]) => {
    const result = input.startGradient(source, scratch);
    writeGeometry(runtime, windows.geometry, geometry);
    kernels.packRightTransposed(runtime.addressOf(savedFilter), packed, nOut, length);
    for (let image = 0; image < dy.shape[0]; image++) {
      const target = result.addressOf(image * nInPixels);
      runtime.clear(target, 4 * nInPixels * source.nChannels);
      forEachBlock(nOutPixels, blockRows, ({ first, count }) => {
        const dyRows = gradient.read({ first: image * nOutPixels + first, count }, dyScratch);
        kernels.multiply(dyRows, packed, rows, count, nOut, length);
        kernels.fold(rows, target, geometry, source.nChannels, first, count);
      });
      result.finishRows({ first: image * nInPixels, count: nInPixels });
    }
    return result.finish<Tensor4D>();
  });
}

/** Without a stride the gradient is a convolution itself, with longer products; its rows are as wide as panels are. */
function isQuickerGathered({ geometry: { height, width }, source: { nChannels } }: Windows): boolean {
  return height.stride === 1 && width.stride === 1 && nChannels % PANEL_COLUMNS === 0;
}

/** The gradient of a convolution without stride for its input: the convolution of dy with the filter turned by half a turn. */
function gatheredInputGradient(
  context: OpsContext,
  { geometry, source }: Windows,
  { dy, savedFilter, input }: { dy: Tensor4D; savedFilter: TensorInfo; input: Input },
): Tensor4D {
  const { runtime } = context;
  const turned = { height: turnedAxis(geometry.height), width: turnedAxis(geometry.width) };
  const gradient = gradientSource(context, dy);
  const nIn = source.nChannels;
  const product = denseProduct(runtime, gradient, { geometry: turned, nOut: nIn });
  const sizes = [
    4 * savedFilter.shape.reduce((size, n) => size * n, 1),
    ...input.gradientBytes(0),
    ...product.scratchBytes,
  ] as const;
  return runtime.withScratch(sizes, ([filter, state, slopes, ...areas]) => {
    const result = input.startGradient(source, [state, slopes]);
    writeTurnedFilter(runtime, savedFilter, filter);
    const addressOf = (row: number) => result.addressOf(row);
    product.multiply(areas, { filter, addressOf }, (range) => result.finishRows(range));
    return result.finish<Tensor4D>();
  });
}

function turnedAxis({ inSize, outSize, kernelSize, padBefore, ...rest }: AxisGeometry): AxisGeometry {
  return { ...rest, inSize: outSize, outSize: inSize, kernelSize, padBefore: kernelSize - 1 - padBefore };
}

/** `[kh, kw, in, out]` -> `[kh, kw, out, in]`, the last tap first. */
function writeTurnedFilter(runtime: WasmRuntime, filter: TensorInfo, target: Address): void {
  const [height, width, nIn, nOut] = filter.shape as [number, number, number, number];
  runtime.kernels.turnFilter(runtime.addressOf(filter), target, height * width, nIn, nOut);
}
