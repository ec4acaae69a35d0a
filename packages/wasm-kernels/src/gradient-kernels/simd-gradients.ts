import type { TensorInfo } from '@tensorflow/tfjs-core';
import { filterGradient } from '../convolution/filter-gradient';
import { GEOMETRY_BYTES, nInPixels, nOutPixels, writeGeometry } from '../convolution/image-geometry';
import { Windows } from '../convolution/windows';
import { RowSource } from '../rows/row-source';
import type { WasmRuntime } from '../runtime/wasm-runtime';
import type { ConvolutionGeometry } from './convolution-geometry';

/** The gradient of `conv2d` for its filter. */
export function simdConv2dFilterGradient(
  runtime: WasmRuntime,
  { x, dy }: { x: TensorInfo; dy: TensorInfo },
  { geometry, filterShape }: { geometry: ConvolutionGeometry; filterShape: number[] },
): TensorInfo {
  const windows = new Windows(runtime, new RowSource(runtime, x, null), geometry);
  return filterGradient(runtime, { windows, dy: new RowSource(runtime, dy, null) }, filterShape);
}

/** Whether the SIMD kernels know such a depthwise convolution: without dilation, one filter a channel. */
export function isPlainDepthwise({ height, width, nInChannels, nOutChannels }: ConvolutionGeometry): boolean {
  return height.dilation === 1 && width.dilation === 1 && nInChannels === nOutChannels;
}

/** The gradient of a plain `depthwiseConv2d` for its filter. */
export function simdDepthwiseFilterGradient(
  runtime: WasmRuntime,
  { x, dy }: { x: TensorInfo; dy: TensorInfo },
  { geometry, filterShape }: { geometry: ConvolutionGeometry; filterShape: number[] },
): TensorInfo {
  const { batch, nInChannels: nChannels } = geometry;
  const [inBytes, outBytes] = [4 * nChannels * nInPixels(geometry), 4 * nChannels * nOutPixels(geometry)];
  const dFilter = runtime.makeZeros(filterShape);
  const [input, gradient, target] = [x, dy, dFilter].map((info) => runtime.addressOf(info)) as Addresses;
  runtime.withScratch([GEOMETRY_BYTES], ([sizes]) => {
    writeGeometry(runtime, geometry, sizes);
    for (let image = 0; image < batch; image++) {
      const dyRows = gradient + image * outBytes;
      runtime.kernels.depthwiseFilterGradient(input + image * inBytes, dyRows, target, sizes, nChannels);
    }
  });
  return dFilter;
}

/** The gradient of a plain `depthwiseConv2d` for its input. */
export function simdDepthwiseInputGradient(
  runtime: WasmRuntime,
  { dy, filter }: { dy: TensorInfo; filter: TensorInfo },
  { geometry, inputShape }: { geometry: ConvolutionGeometry; inputShape: number[] },
): TensorInfo {
  const { batch, nInChannels: nChannels } = geometry;
  const [inBytes, outBytes] = [4 * nChannels * nInPixels(geometry), 4 * nChannels * nOutPixels(geometry)];
  const dx = runtime.makeData(inputShape);
  const [gradient, weights, target] = [dy, filter, dx].map((info) => runtime.addressOf(info)) as Addresses;
  runtime.withScratch([GEOMETRY_BYTES], ([sizes]) => {
    writeGeometry(runtime, geometry, sizes);
    for (let image = 0; image < batch; image++) {
      const dxRows = target + image * inBytes;
      runtime.kernels.depthwiseInputGradient(gradient + image * outBytes, weights, dxRows, sizes, nChannels);
    }
  });
  return dx;
}

type Addresses = [number, number, number];
