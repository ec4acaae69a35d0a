import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { RowSource } from '../rows/row-source';
import { type Address, packedLeftBytes, packedRightBytes } from '../runtime/kernel-exports';
import type { WasmRuntime } from '../runtime/wasm-runtime';
import type { Windows } from './windows';

/** Scratch of {@link addToFilterGradient} for blocks of so many rows. */
export function filterGradientBytes(
  blockRows: number,
  { length, nOut }: { length: number; nOut: number },
): [number, number] {
  return [packedLeftBytes(blockRows, length), packedRightBytes(blockRows, nOut)];
}

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
  const blockRows = windows.blockRows(nOut);
  const gradient = runtime.makeZeros(filterShape);
  const sizes = [
    ...windows.scratchBytes(nOut),
    dy.scratchBytes(blockRows),
    ...filterGradientBytes(blockRows, { length, nOut }),
  ] as const;
  runtime.withScratch(sizes, ([geometry, input, rows, dyScratch, packedWindows, packedDy]) => {
    windows.forEachBlock([geometry, input, rows], nOut, (range, block) => {
      addToFilterGradient(
        runtime,
        { windows: block, dy: dy.read(range, dyScratch), count: range.count },
        { dFilter: runtime.addressOf(gradient), length, nOut, scratch: [packedWindows, packedDy] },
      );
    });
  });
  return gradient;
}
