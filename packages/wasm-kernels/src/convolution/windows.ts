import { forEachBlock, type RowRange } from '../rows/row-range';
import type { RowSource } from '../rows/row-source';
import type { Address } from '../runtime/kernel-exports';
import type { WasmRuntime } from '../runtime/wasm-runtime';
import { GEOMETRY_BYTES, type ImageGeometry, nInPixels, nOutPixels, writeGeometry } from './image-geometry';

/** Floats of window and output rows in a block, 256 KB: a part of the second-level cache. */
const BLOCK_FLOATS = 65_536;
/** So many rows at least make the packed right factor worth its reads. */
const MIN_BLOCK_ROWS = 64;

/**
 * The rows that a dense convolution multiplies with its filter: one for each output pixel of each image, with the input
 * values under its window, `[kh kw in]`. A 1x1 convolution without stride and padding takes the input as it is.
 */
export class Windows {
  readonly source: RowSource;
  readonly geometry: ImageGeometry;
  /** Values of a window. */
  readonly length: number;
  readonly #runtime: WasmRuntime;

  constructor(runtime: WasmRuntime, source: RowSource, geometry: ImageGeometry) {
    this.source = source;
    this.geometry = geometry;
    this.length = geometry.height.kernelSize * geometry.width.kernelSize * source.nChannels;
    this.#runtime = runtime;
  }

  get nRows(): number {
    return this.isInput ? this.source.nRows : (this.source.nRows / this.nInPixels) * this.nOutPixels;
  }

  get nInPixels(): number {
    return nInPixels(this.geometry);
  }

  get nOutPixels(): number {
    return nOutPixels(this.geometry);
  }

  /** Whether the windows are the pixels of the input, one by one. */
  get isInput(): boolean {
    return [this.geometry.height, this.geometry.width].every(
      ({ inSize, outSize, kernelSize, stride, padBefore }) =>
        kernelSize === 1 && stride === 1 && padBefore === 0 && inSize === outSize,
    );
  }

  /** Rows that are worked on at a time, beside rows of `nOut` values. */
  blockRows(nOut: number): number {
    const rows = Math.floor(BLOCK_FLOATS / (this.length + nOut) / 4) * 4;
    return Math.min(this.isInput ? this.nRows : this.nOutPixels, Math.max(MIN_BLOCK_ROWS, rows));
  }

  /** Sizes of the scratch areas that {@link forEachBlock} needs. */
  scratchBytes(nOut: number): [geometry: number, input: number, windows: number] {
    const blockRows = this.blockRows(nOut);
    if (this.isInput) return [0, this.source.scratchBytes(blockRows), 0];
    return [GEOMETRY_BYTES, this.source.scratchBytes(this.nInPixels), 4 * this.length * blockRows];
  }

  /** Calls `use` for each block of rows, in order, with the address of the first window. */
  forEachBlock(
    [geometry, input, windows]: readonly [Address, Address, Address],
    nOut: number,
    use: (range: RowRange, windows: Address) => void,
  ): void {
    const blockRows = this.blockRows(nOut);
    if (this.isInput) {
      forEachBlock(this.nRows, blockRows, (range) => use(range, this.source.read(range, input)));
      return;
    }
    const { nInPixels, nOutPixels, source } = this;
    writeGeometry(this.#runtime, this.geometry, geometry);
    for (let image = 0; image < source.nRows / nInPixels; image++) {
      const x = source.read({ first: image * nInPixels, count: nInPixels }, input);
      forEachBlock(nOutPixels, blockRows, ({ first, count }) => {
        this.#runtime.kernels.unfold(x, windows, geometry, source.nChannels, first, count);
        use({ first: image * nOutPixels + first, count }, windows);
      });
    }
  }
}
