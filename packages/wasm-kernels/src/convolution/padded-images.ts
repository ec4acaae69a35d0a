import { forEachBlock, type RowRange } from '../rows/row-range';
import type { RowSource } from '../rows/row-source';
import type { Address } from '../runtime/kernel-exports';
import type { WasmRuntime } from '../runtime/wasm-runtime';
import { type AxisGeometry, type ImageGeometry, nInPixels, nOutPixels } from './image-geometry';

/** Shorter runs are not worth a loop of their own. */
const MIN_RUN = 6;
/** Bytes of dy that stay in the first-level cache or near it while all of the filter passes by. */
const BLOCK_BYTES = 65_536;
/** What `convolveGradient` reads behind the last window. */
const OVERREAD_BYTES = 12;

/** Dense convolutions of images that get their padding around them, one after the other, so that the kernel knows no borders. */
export class PaddedImages {
  readonly #runtime: WasmRuntime;
  readonly #source: RowSource;
  readonly #geometry: ImageGeometry;
  readonly #lineBytes: number;
  readonly #paddedBytes: number;

  /** Whether a convolution is one for {@link multiply}. */
  static canServe({ nChannels }: RowSource, { height, width }: ImageGeometry): boolean {
    const isPadded = height.padBefore >= 0 && width.padBefore >= 0;
    const isPlain = height.dilation === 1 && width.dilation === 1;
    return isPadded && isPlain && width.kernelSize > 1 && width.kernelSize * nChannels >= MIN_RUN;
  }

  constructor(runtime: WasmRuntime, source: RowSource, geometry: ImageGeometry) {
    this.#runtime = runtime;
    this.#source = source;
    this.#geometry = geometry;
    this.#lineBytes = 4 * source.nChannels * paddedSize(geometry.width);
    this.#paddedBytes = this.#lineBytes * paddedSize(geometry.height);
  }

  /** Sizes of the scratch areas that {@link multiply} and {@link addToFilterGradient} need. */
  get scratchBytes(): [input: number, padded: number] {
    return [this.#source.scratchBytes(nInPixels(this.#geometry)), this.#paddedBytes + OVERREAD_BYTES];
  }

  /**
   * Writes the windows of all images times a packed filter `[kh kw in, n]`.
   *
   * @param use Called after each image with its output pixels.
   */
  multiply(
    areas: readonly [Address, Address],
    { packed, n, addressOf }: { packed: Address; n: number; addressOf: (pixel: number) => Address },
    use: (range: RowRange) => void,
  ): void {
    const { height, width } = this.#geometry;
    this.#forEachImage(areas, (padded, range) => {
      this.#runtime.kernels.convolve(
        padded,
        packed,
        addressOf(range.first),
        range.count,
        width.outSize,
        this.#lineBytes,
        height.stride * this.#lineBytes,
        4 * width.stride * this.#source.nChannels,
        height.kernelSize,
        width.kernelSize * this.#source.nChannels,
        n,
      );
      use(range);
    });
  }

  /**
   * dFilter `[kh kw in, n]` += the windows of all images times dy; n a multiple of 8.
   *
   * @param dyScratch what dy needs for an image
   */
  addToFilterGradient(
    areas: readonly [Address, Address],
    { dy, dyScratch, dFilter }: { dy: RowSource; dyScratch: Address; dFilter: Address },
  ): void {
    const { height, width } = this.#geometry;
    const rowBytes = 4 * dy.nChannels;
    const lineStep = height.stride * this.#lineBytes;
    const blockLines = Math.max(1, Math.floor(BLOCK_BYTES / rowBytes / width.outSize));
    this.#forEachImage(areas, (padded, range) => {
      const gradient = dy.read(range, dyScratch);
      forEachBlock(height.outSize, blockLines, ({ first, count }) => {
        this.#runtime.kernels.convolveGradient(
          padded + first * lineStep,
          gradient + first * width.outSize * rowBytes,
          dFilter,
          count,
          width.outSize,
          this.#lineBytes,
          lineStep,
          4 * width.stride * this.#source.nChannels,
          height.kernelSize,
          width.kernelSize * this.#source.nChannels,
          dy.nChannels,
        );
      });
    });
  }

  /** Puts one image after the other between zeros, and calls `use` with its output pixels. */
  #forEachImage(
    [input, padded]: readonly [Address, Address],
    use: (padded: Address, range: RowRange) => void,
  ): void {
    const { height, width } = this.#geometry;
    const { nChannels, nRows } = this.#source;
    const [nIn, nOut] = [nInPixels(this.#geometry), nOutPixels(this.#geometry)];
    const inner = padded + height.padBefore * this.#lineBytes + 4 * width.padBefore * nChannels;
    this.#runtime.clear(padded, this.#paddedBytes + OVERREAD_BYTES);
    for (let image = 0; image < nRows / nIn; image++) {
      const x = this.#source.read({ first: image * nIn, count: nIn }, input);
      const lineLength = width.inSize * nChannels;
      this.#runtime.kernels.padLines(x, inner, height.inSize, lineLength, this.#lineBytes, 0);
      use(padded, { first: image * nOut, count: nOut });
    }
  }
}

/** Room for the padding in front, all of the image, and what the last window reaches beyond it. */
function paddedSize({ inSize, outSize, kernelSize, stride, padBefore }: AxisGeometry): number {
  return Math.max(padBefore + inSize, (outSize - 1) * stride + kernelSize);
}
