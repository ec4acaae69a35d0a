import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { RowSource } from '../rows/row-source';
import { type Address, packedLeftBytes, packedRightBytes } from '../runtime/kernel-exports';
import type { WasmRuntime } from '../runtime/wasm-runtime';
import { PaddedImages } from './padded-images';
import type { Windows } from './windows';
import { filterGradientByTiles, isQuickerByTiles } from './winograd';

/** Scratch of {@link addToFilterGradient} for blocks of so many rows. */
export function filterGradientBytes(
  blockRows: number,
  { length, nOut }: { length: number; nOut: number },
): [number, number] {
  return [packedLeftBytes(blockRows, length), packedRightBytes(blockRows, nOut)];
}

/** Columns that the kernels multiply at a time. */
const PANEL_COLUMNS = 8;

interface Factors {
  /** `[count, length]` */
  windows: Address;
  /** `[count, nOut]` */
  dy: Address;
  count: number;
}

/** dFilter += transpose(windows) dy for a block of rows. */
export function addToFilterGradient(
  { kernels }: WasmRuntime,
  { windows, dy, count }: Factors,
  {
    dFilter,
    length,
    nOut,
    scratch,
  }: { dFilter: Address; length: number; nOut: number; scratch: [Address, Address] },
): void {
  const [packedWindows, packedDy] = scratch;
  kernels.packLeft(windows, packedWindows, count, length);
  kernels.packRight(dy, packedDy, count, nOut);
  kernels.multiplyTransposed(packedWindows, packedDy, dFilter, count, length, nOut);
}

/** The gradient of a dense convolution for its filter, `[kh, kw, in, out]`. */
export function filterGradient(
  runtime: WasmRuntime,
  { windows, dy }: { windows: Windows; dy: RowSource },
  filterShape: readonly number[],
): TensorInfo {
  const { length } = windows;
  const nOut = dy.nChannels;
  const { source, geometry } = windows;
  const nImages = source.nRows / windows.nInPixels;
  if (isQuickerByTiles(geometry, { nIn: source.nChannels, nOut }, nImages)) {
    return filterGradientByTiles(runtime, { source, dy }, geometry);
  }
  if (nOut % PANEL_COLUMNS === 0 && PaddedImages.canServe(source, geometry)) {
    return paddedFilterGradient(runtime, { windows, dy }, filterShape);
  }
  const blockRows = windows.blockRows(nOut);
  const gradient = runtime.makeZeros(filterShape);
  const sizes = [
    ...windows.scratchBytes(nOut),
    dy.scratchBytes(blockRows),
    ...filterGradientBytes(blockRows, { length, nOut }),
  ] as const;
  runtime.withScratch(sizes, ([fields, input, rows, dyScratch, packedWindows, packedDy]) => {
    windows.forEachBlock([fields, input, rows], nOut, (range, block) => {
      addToFilterGradient(
        runtime,
        { windows: block, dy: dy.read(range, dyScratch), count: range.count },
        { dFilter: runtime.addressOf(gradient), length, nOut, scratch: [packedWindows, packedDy] },
      );
    });
  });
  return gradient;
}

/** The same from images with their padding around them. */
function paddedFilterGradient(
  runtime: WasmRuntime,
  { windows: { source, geometry, nOutPixels }, dy }: { windows: Windows; dy: RowSource },
  filterShape: readonly number[],
): TensorInfo {
  const images = new PaddedImages(runtime, source, geometry);
  const gradient = runtime.makeZeros(filterShape);
  const sizes = [...images.scratchBytes, dy.scratchBytes(nOutPixels)] as const;
  runtime.withScratch(sizes, ([input, padded, dyScratch]) => {
    const dFilter = runtime.addressOf(gradient);
    images.addToFilterGradient([input, padded], { dy, dyScratch, dFilter });
  });
  return gradient;
}
