import type { Tensor, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import { type Address, packedLeftBytes, packedRightBytes } from '../runtime/kernel-exports';
import type { WasmRuntime } from '../runtime/wasm-runtime';
import { tapePosition } from './deferred-backend';
import { StatisticsGatherer } from './gather-statistics';
import { Input } from './input';
import type { OpsContext } from './ops-context';
import { forEachBlock, gradientSource } from './pointwise-convolution';
import type { RowRange } from './recipe';
import type { RowSource } from './row-source';
import { GEOMETRY_BYTES, type SameGeometry, sameGeometry, writeGeometry } from './same-geometry';

/** Floats of unfolded and output rows in a block. */
const BLOCK_FLOATS = 65_536;

/**
 * Dense convolution with SAME padding: the values under the window, unfolded block after block into rows
 * `[kh kw in]`, times the filter.
 */
export function conv2d(
  context: OpsContext,
  { x, filter }: { x: Tensor4D; filter: Tensor4D },
  { stride, isInput = false }: { stride: number; isInput?: boolean },
): Tensor4D {
  const input = new Input(context, x);
  const [batch, height, width] = x.shape;
  const [kernelHeight, kernelWidth, , nOut] = filter.shape;
  const geometry = sameGeometry([height, width], [kernelHeight, kernelWidth], stride);
  return context.differentiable<Tensor4D>(
    [x, filter],
    () => {
      const y = context.runtime.makeData([batch, ...geometry.outSize, nOut]);
      convolve(context, new Windows(context.runtime, input.source, geometry), { filter, y });
      return { value: context.runtime.toTensor(y), saved: [...input.source.parts, filter] };
    },
    (dy, saved) => {
      const source = input.source.withParts(saved.slice(0, -1));
      const filterInfo = saved[saved.length - 1]!;
      const windows = new Windows(context.runtime, source, geometry);
      const dFilter = filterGradient(context, windows, { dy: dy.tensor, filter: filterInfo });
      const dx = isInput
        ? context.runtime.toTensor<Tensor4D>(context.runtime.makeZeros(x.shape))
        : inputGradient(context, windows, { dy: dy.tensor, filter: filterInfo, input });
      return [dx, dFilter];
    },
  );
}

/** The rows of a convolution: one for each output pixel, with the input values under its window. */
class Windows {
  readonly source: RowSource;
  readonly length: number;
  readonly #runtime: WasmRuntime;
  readonly geometry: SameGeometry;

  constructor(runtime: WasmRuntime, source: RowSource, geometry: SameGeometry) {
    this.source = source;
    this.geometry = geometry;
    this.length = geometry.kernelSize[0] * geometry.kernelSize[1] * source.nChannels;
    this.#runtime = runtime;
  }

  get nInPixels(): number {
    return this.geometry.inSize[0] * this.geometry.inSize[1];
  }

  get nOutPixels(): number {
    return this.geometry.outSize[0] * this.geometry.outSize[1];
  }

  get nImages(): number {
    return this.source.nRows / this.nInPixels;
  }

  /** Rows that are worked on at a time. */
  blockRows(nOut: number): number {
    const rows = Math.max(16, Math.floor(BLOCK_FLOATS / (this.length + nOut)));
    return Math.min(rows, this.nOutPixels);
  }

  /** Calls `use` for each block of each image. */
  forEachBlock(
    { geometry, image: imageScratch, rows }: { geometry: Address; image: Address; rows: Address },
    nOut: number,
    use: (range: RowRange & { image: number }) => void,
  ): void {
    writeGeometry(this.#runtime, this.geometry, geometry);
    for (let image = 0; image < this.nImages; image++) {
      const x = this.source.read({ first: image * this.nInPixels, count: this.nInPixels }, imageScratch);
      forEachBlock(this.nOutPixels, this.blockRows(nOut), ({ first, count }) => {
        this.#runtime.kernels.unfold(x, rows, geometry, this.source.nChannels, first, count);
        use({ image, first, count });
      });
    }
  }
}

function convolve(
  { runtime, batchStatistics }: OpsContext,
  windows: Windows,
  { filter, y }: { filter: TensorInfo; y: TensorInfo },
): void {
  const nOut = y.shape[3]!;
  const { length, nInPixels, nOutPixels, source } = windows;
  const sizes = [
    GEOMETRY_BYTES,
    source.scratchBytes(nInPixels),
    4 * length * windows.blockRows(nOut),
    packedRightBytes(length, nOut),
    StatisticsGatherer.bytes(nOut),
  ];
  runtime.withScratch(sizes, (geometry, image, rows, packed, state) => {
    const statistics = tapePosition() && new StatisticsGatherer(runtime, nOut, state!);
    runtime.kernels.packRight(runtime.addressOf(filter), packed!, length, nOut);
    windows.forEachBlock({ geometry: geometry!, image: image!, rows: rows! }, nOut, (range) => {
      const target = runtime.addressOf(y) + 4 * nOut * (range.image * nOutPixels + range.first);
      runtime.kernels.multiply(rows!, packed!, target, range.count, length, nOut);
      statistics?.add(target, range.count);
    });
    if (statistics) batchStatistics.set(y.dataId, statistics.finish());
  });
}

function filterGradient(
  context: OpsContext,
  windows: Windows,
  { dy, filter }: { dy: Tensor4D; filter: TensorInfo },
): Tensor {
  const { runtime } = context;
  const gradient = gradientSource(context, dy);
  const nOut = gradient.nChannels;
  const { length, nInPixels, nOutPixels, source } = windows;
  const blockRows = windows.blockRows(nOut);
  const dFilter = runtime.makeZeros(filter.shape);
  const sizes = [
    GEOMETRY_BYTES,
    source.scratchBytes(nInPixels),
    4 * length * blockRows,
    packedLeftBytes(blockRows, length),
    gradient.scratchBytes(blockRows),
    packedRightBytes(blockRows, nOut),
  ];
  runtime.withScratch(sizes, (geometry, image, rows, packedRows, dyScratch, packedDy) => {
    windows.forEachBlock({ geometry: geometry!, image: image!, rows: rows! }, nOut, (range) => {
      const first = range.image * nOutPixels + range.first;
      const dyRows = gradient.read({ first, count: range.count }, dyScratch!);
      runtime.kernels.packLeft(rows!, packedRows!, range.count, length);
      runtime.kernels.packRight(dyRows, packedDy!, range.count, nOut);
      const target = runtime.addressOf(dFilter);
      runtime.kernels.multiplyTransposed(packedRows!, packedDy!, target, range.count, length, nOut);
    });
  });
  return runtime.toTensor(dFilter);
}

function inputGradient(
  context: OpsContext,
  windows: Windows,
  { dy, filter, input }: { dy: Tensor4D; filter: TensorInfo; input: Input },
): Tensor4D {
  const { runtime } = context;
  const gradient = gradientSource(context, dy);
  const nOut = gradient.nChannels;
  const { length, nInPixels, nOutPixels, source } = windows;
  const blockRows = windows.blockRows(nOut);
  const imageBytes = 4 * nInPixels * source.nChannels;
  const sizes = [
    GEOMETRY_BYTES,
    packedRightBytes(nOut, length),
    gradient.scratchBytes(blockRows),
    4 * length * blockRows,
    input.gradientStateBytes,
  ];
  return runtime.withScratch(sizes, (geometry, packed, dyScratch, rows, state) => {
    const result = input.startGradient(source, state!);
    writeGeometry(runtime, windows.geometry, geometry!);
    runtime.kernels.packRightTransposed(runtime.addressOf(filter), packed!, nOut, length);
    for (let image = 0; image < windows.nImages; image++) {
      const target = result.addressOf(image * nInPixels);
      runtime.clear(target, imageBytes);
      forEachBlock(nOutPixels, blockRows, ({ first, count }) => {
        const dyRows = gradient.read({ first: image * nOutPixels + first, count }, dyScratch!);
        runtime.kernels.multiply(dyRows, packed!, rows!, count, nOut, length);
        runtime.kernels.fold(rows!, target, geometry!, source.nChannels, first, count);
      });
      result.finishRows({ first: image * nInPixels, count: nInPixels });
    }
    return result.finish<Tensor4D>();
  });
}
