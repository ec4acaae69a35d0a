import type { Address } from '../runtime/kernel-exports';
import type { WasmRuntime } from '../runtime/wasm-runtime';
import type { BlockPlan } from './block-plan';
import type { ExpandedLines } from './expanded-lines';
import type { PackedDepthwise } from './packed-weights';

/**
 * The depthwise convolution of one image after the other, band by band: a band holds the lines of input under some lines
 * of output, with the zeros of the padding around them, so that the kernel knows no borders.
 */
export class PaddedBand {
  readonly #runtime: WasmRuntime;
  readonly #plan: BlockPlan;
  readonly #depthwise: PackedDepthwise;
  readonly #address: Address;
  readonly #lineBytes: number;

  constructor(
    runtime: WasmRuntime,
    { plan, depthwise, address }: { plan: BlockPlan; depthwise: PackedDepthwise; address: Address },
  ) {
    this.#runtime = runtime;
    this.#plan = plan;
    this.#depthwise = depthwise;
    this.#address = address;
    this.#lineBytes = 4 * plan.paddedWidth * plan.nMid;
    runtime.clear(address, PaddedBand.bytes(plan)); // what lies left and right of a line is never written
  }

  static bytes({ nPaddedLines, paddedWidth, nMid }: BlockPlan): number {
    return 4 * nPaddedLines * paddedWidth * nMid;
  }

  /** swish(convolution + bias) of an image to y, and the sums over its pixels to sums, which are zeros before. */
  convolve(input: ExpandedLines, image: number, { y, sums }: { y: Address; sums: Address }): void {
    const { geometry, nBandLines, nMid } = this.#plan;
    const { filter, bias, kernelSize, stride } = this.#depthwise;
    const { outSize } = geometry.height;
    const width = geometry.width.outSize;
    let filledEnd = 0;
    for (let line = 0; line < outSize; line += nBandLines) {
      const nLines = Math.min(nBandLines, outSize - line);
      const start = line * stride;
      const end = start + (nLines - 1) * stride + kernelSize;
      if (line > 0) this.#moveUp(nBandLines * stride, filledEnd - start);
      this.#fill(input, image, { start, from: Math.max(start, filledEnd), end });
      filledEnd = end;
      this.#runtime.kernels.depthwiseSwish(
        ...([this.#address, filter, bias, y + 4 * line * width * nMid, sums] as const),
        ...([nLines, width, this.#lineBytes, nMid, kernelSize, stride] as const),
      );
    }
  }

  /** Moves the last `count` lines of a band to its front, where they are the first lines of the next. */
  #moveUp(distance: number, count: number): void {
    if (count <= 0) return;
    const source = this.#address + distance * this.#lineBytes;
    this.#runtime.kernels.padLines(source, this.#address, 1, (count * this.#lineBytes) / 4, 0, 0);
  }

  /** Writes padded lines `from` to `end` into the band that begins with line `start`. */
  #fill(
    input: ExpandedLines,
    image: number,
    { start, from, end }: { start: number; from: number; end: number },
  ): void {
    const { geometry, nMid } = this.#plan;
    const { padBefore, inSize } = geometry.height;
    const addressOf = (line: number) => this.#address + (line - start) * this.#lineBytes;
    const clear = (first: number, last: number) => {
      if (last > first) this.#runtime.clear(addressOf(first), (last - first) * this.#lineBytes);
    };
    const firstInside = Math.min(end, Math.max(from, padBefore));
    const lastInside = Math.max(firstInside, Math.min(end, padBefore + inSize));
    clear(from, firstInside);
    clear(lastInside, end);
    const left = 4 * geometry.width.padBefore * nMid;
    for (let line = firstInside; line < lastInside; ) {
      const { address, nLines } = input.read(image * inSize + line - padBefore, lastInside - line);
      this.#runtime.kernels.padLines(
        ...([address, addressOf(line) + left, nLines, geometry.width.inSize * nMid] as const),
        this.#lineBytes,
        Number(input.needsSwish),
      );
      line += nLines;
    }
  }
}
