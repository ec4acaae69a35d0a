import type { Tensor, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import { filterGradient } from '../convolution/filter-gradient';
import {
  type AxisGeometry,
  GEOMETRY_BYTES,
  type ImageGeometry,
  imageGeometry,
  writeGeometry,
} from '../convolution/image-geometry';
import { PaddedImages } from '../convolution/padded-images';
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
  windows: Windows,
  { filter, y }: { filter: TensorInfo; y: TensorInfo },
): void {
  const nOut = y.shape[3]!;
  const { length, source, geometry } = windows;
  const images = PaddedImages.canServe(source, geometry) ? new PaddedImages(runtime, source, geometry) : null;
  const sizes = [
    ...(images ? ([0, ...images.scratchBytes] as const) : windows.scratchBytes(nOut)),
    packedRightBytes(length, nOut),
    StatisticsGatherer.bytes(nOut),
  ] as const;
  const addressOf = (row: number) => runtime.addressOf(y) + 4 * nOut * row;
  runtime.withScratch(sizes, ([sizesAddress, input, rows, packed, state]) => {
    const statistics = tapePosition() && new StatisticsGatherer(runtime, nOut, state);
    runtime.kernels.packRight(runtime.addressOf(filter), packed, length, nOut);
    const use = ({ first, count }: RowRange) => statistics?.add(addressOf(first), count);
    if (images) images.multiply([input, rows], { packed, n: nOut, addressOf }, use);
    else {
      windows.forEachBlock([sizesAddress, input, rows], nOut, (range, block) => {
        runtime.kernels.multiply(block, packed, addressOf(range.first), range.count, length, nOut);
        use(range);
      });
    }
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
  const windows = new Windows(runtime, gradient, turned);
  const images = PaddedImages.canServe(gradient, turned) ? new PaddedImages(runtime, gradient, turned) : null;
  const { length } = windows;
  const nIn = source.nChannels;
  const sizes = [
    ...(images ? ([0, ...images.scratchBytes] as const) : windows.scratchBytes(nIn)),
    4 * length * nIn,
    packedRightBytes(length, nIn),
    ...input.gradientBytes(0),
  ] as const;
  return runtime.withScratch(sizes, ([sizesAddress, dyScratch, rows, filter, packed, ...scratch]) => {
    const result = input.startGradient(source, scratch);
    writeTurnedFilter(runtime, savedFilter, filter);
    runtime.kernels.packRight(filter, packed, length, nIn);
    const addressOf = (row: number) => result.addressOf(row);
    if (images) {
      images.multiply([dyScratch, rows], { packed, n: nIn, addressOf }, (range) => result.finishRows(range));
    } else {
      windows.forEachBlock([sizesAddress, dyScratch, rows], nIn, (range, block) => {
        runtime.kernels.multiply(block, packed, addressOf(range.first), range.count, length, nIn);
        result.finishRows(range);
      });
    }
    return result.finish<Tensor4D>();
  });
}

function turnedAxis({ inSize, outSize, kernelSize, padBefore, ...rest }: AxisGeometry): AxisGeometry {
  return { ...rest, inSize: outSize, outSize: inSize, kernelSize, padBefore: kernelSize - 1 - padBefore };
}

/** `[kh, kw, in, out]` -> `[kh, kw, out, in]`, the last tap first. */
function writeTurnedFilter(runtime: WasmRuntime, filter: TensorInfo, target: Address): void {
  const [height, width, nIn, nOut] = filter.shape as [number, number, number, number];
  const nTaps = height * width;
  const values = runtime.floats(runtime.addressOf(filter), nTaps * nIn * nOut);
  const turned = runtime.floats(target, values.length);
  for (let tap = 0; tap < nTaps; tap++) {
    const [from, to] = [tap * nIn * nOut, (nTaps - 1 - tap) * nIn * nOut];
    for (let i = 0; i < nIn; i++) {
      for (let o = 0; o < nOut; o++) turned[to + o * nIn + i] = values[from + i * nOut + o]!;
    }
  }
}
