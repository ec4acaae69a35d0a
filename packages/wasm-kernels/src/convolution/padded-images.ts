import type { RowRange } from '../rows/row-range';
import type { RowSource } from '../rows/row-source';
import type { Address } from '../runtime/kernel-exports';
import type { WasmRuntime } from '../runtime/wasm-runtime';
import { type AxisGeometry, type ImageGeometry, nInPixels, nOutPixels } from './image-geometry';

/** Shorter runs are not worth a loop of their own. */
const MIN_RUN = 16;

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

  /** Sizes of the scratch areas that {@link multiply} needs. */
  get scratchBytes(): [input: number, padded: number] {
    return [this.#source.scratchBytes(nInPixels(this.#geometry)), this.#paddedBytes];
  }

  /**
   * Writes the windows of all images times a packed filter `[kh kw in, n]`.
   *
   * @param use Called after each image with its output pixels.
   */
  multiply(
    [input, padded]: readonly [Address, Address],
    { packed, n, addressOf }: { packed: Address; n: number; addressOf: (pixel: number) => Address },
    use: (range: RowRange) => void,
  ): void {
    const { kernels } = this.#runtime;
    const { height, width } = this.#geometry;
    const { nChannels, nRows } = this.#source;
    const [nIn, nOut] = [nInPixels(this.#geometry), nOutPixels(this.#geometry)];
    const pixelBytes = 4 * nChannels;
    const inner = padded + height.padBefore * this.#lineBytes + width.padBefore * pixelBytes;
    this.#runtime.clear(padded, this.#paddedBytes);
    for (let image = 0; image < nRows / nIn; image++) {
      const x = this.#source.read({ first: image * nIn, count: nIn }, input);
      kernels.padLines(x, inner, height.inSize, width.inSize * nChannels, this.#lineBytes, 0);
      const range = { first: image * nOut, count: nOut };
      kernels.convolve(
        padded,
        packed,
        addressOf(range.first),
        nOut,
        width.outSize,
        this.#lineBytes,
        height.stride * this.#lineBytes,
        width.stride * pixelBytes,
        height.kernelSize,
        width.kernelSize * nChannels,
        n,
      );
      use(range);
    }
  }
}

/** Room for the padding in front, all of the image, and what the last window reaches beyond it. */
function paddedSize({ inSize, outSize, kernelSize, stride, padBefore }: AxisGeometry): number {
  return Math.max(padBefore + inSize, (outSize - 1) * stride + kernelSize);
}
