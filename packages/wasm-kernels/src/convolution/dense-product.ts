import type { RowRange } from '../rows/row-range';
import type { RowSource } from '../rows/row-source';
import { type Address, packedRightBytes } from '../runtime/kernel-exports';
import type { WasmRuntime } from '../runtime/wasm-runtime';
import { type ImageGeometry, nInPixels } from './image-geometry';
import { PaddedImages } from './padded-images';
import { Windows } from './windows';
import { isQuickerByTiles, WinogradImages } from './winograd';

type Areas = readonly [Address, Address, Address, Address];

interface Shape {
  geometry: ImageGeometry;
  /** Output channels. */
  nOut: number;
}

/** A dense convolution of all images of a source. */
export interface DenseProduct {
  /** Sizes of the scratch areas that {@link multiply} needs. */
  readonly scratchBytes: readonly [number, number, number, number];
  /**
   * @param filter `[kh, kw, in, out]`
   * @param use Called for each range of output pixels after it has been written.
   */
  multiply(
    areas: Areas,
    options: { filter: Address; addressOf: (pixel: number) => Address },
    use: (range: RowRange) => void,
  ): void;
}

/** The quickest way to convolve images with filters `[kh, kw, in, nOut]`. */
export function denseProduct(
  runtime: WasmRuntime,
  source: RowSource,
  { geometry, nOut }: Shape,
): DenseProduct {
  const nImages = source.nRows / nInPixels(geometry);
  const shape = { geometry, nOut };
  if (isQuickerByTiles(geometry, { nIn: source.nChannels, nOut }, nImages)) {
    return new WinogradImages(runtime, source, shape);
  }
  return PaddedImages.canServe(source, geometry)
    ? paddedProduct(runtime, source, shape)
    : windowProduct(runtime, source, shape);
}

/** From images with their padding around them. */
function paddedProduct(runtime: WasmRuntime, source: RowSource, { geometry, nOut }: Shape): DenseProduct {
  const images = new PaddedImages(runtime, source, geometry);
  const length = geometry.height.kernelSize * geometry.width.kernelSize * source.nChannels;
  return {
    scratchBytes: [...images.scratchBytes, packedRightBytes(length, nOut), 0],
    multiply([input, padded, packed], { filter, addressOf }, use) {
      runtime.kernels.packRight(filter, packed, length, nOut);
      images.multiply([input, padded], { packed, n: nOut, addressOf }, use);
    },
  };
}

/** From the values under each window, block by block. */
function windowProduct(runtime: WasmRuntime, source: RowSource, { geometry, nOut }: Shape): DenseProduct {
  const windows = new Windows(runtime, source, geometry);
  const { length } = windows;
  return {
    scratchBytes: [...windows.scratchBytes(nOut), packedRightBytes(length, nOut)],
    multiply([fields, input, rows, packed], { filter, addressOf }, use) {
      runtime.kernels.packRight(filter, packed, length, nOut);
      windows.forEachBlock([fields, input, rows], nOut, (range, block) => {
        runtime.kernels.multiply(block, packed, addressOf(range.first), range.count, length, nOut);
        use(range);
      });
    },
  };
}
