import type { TensorInfo } from '@tensorflow/tfjs-core';
import { forEachBlock, type RowRange } from '../rows/row-range';
import type { RowSource } from '../rows/row-source';
import type { Address } from '../runtime/kernel-exports';
import type { WasmRuntime } from '../runtime/wasm-runtime';
import { type ImageGeometry, nOutPixels } from './image-geometry';
import {
  N_PLANES,
  nTilesOf,
  packedLeft,
  packedRight,
  planeBytesOf,
  rowMajor,
  TILE_BUFFER_BYTES,
  TiledImages,
} from './tiled-images';

/** Channels in eights alone: what the products' panels are wide. */
const PANEL_COLUMNS = 8;
/** Rows that the products take at a time. */
const PRODUCT_ROWS = 4;
/** Floats of transformed tiles in a block, 512 KB: a part of the second-level cache. */
const BLOCK_FLOATS = 131_072;
/** So many tiles at least make the transformed filter worth its reads. */
const MIN_BLOCK_TILES = 32;
/** What the transforms take, as long as so many multiply-adds of the products do (measured). */
const COST = { inputChannel: 440, outputChannel: 360, filter: 250 };

/** The two channel counts of a convolution. */
interface Channels {
  nIn: number;
  nOut: number;
}

/**
 * Whether a convolution is one for minimal filtering, and quicker so: 3 x 3 without stride, channels in eights, and tiles enough
 * that what the products save pays for the transforms.
 */
export function isQuickerByTiles(
  { height, width }: ImageGeometry,
  { nIn, nOut }: Channels,
  nImages: number,
): boolean {
  const isPlain = [height, width].every(
    ({ kernelSize, stride, dilation, padBefore }) =>
      kernelSize === 3 && stride === 1 && dilation === 1 && padBefore >= 0,
  );
  if (!isPlain || nIn % PANEL_COLUMNS !== 0 || nOut % PANEL_COLUMNS !== 0) return false;
  const nFilters = nIn * nOut;
  const nTiles = nImages * nTilesOf(height.outSize) * nTilesOf(width.outSize);
  const transforms = COST.inputChannel * nIn + COST.outputChannel * nOut;
  const byTiles = nTiles * (N_PLANES * nFilters + transforms) + COST.filter * nFilters;
  return byTiles < nImages * height.outSize * width.outSize * 9 * nFilters;
}

/** Images, and tiles of each, that are worked on at a time; more than one image only as a whole. */
function blockOf(images: TiledImages, { nIn, nOut }: Channels): { nImages: number; nTiles: number } {
  const wanted = Math.max(MIN_BLOCK_TILES, Math.floor(BLOCK_FLOATS / N_PLANES / (nIn + nOut)));
  const nImages = Math.min(images.nImages, Math.max(1, Math.floor(wanted / images.nTiles)));
  return { nImages, nTiles: Math.min(wanted, images.nTiles) };
}

/** Dense convolutions by tiles, of which {@link isQuickerByTiles} says that they are. */
export class WinogradImages {
  readonly #runtime: WasmRuntime;
  readonly #images: TiledImages;
  readonly #geometry: ImageGeometry;
  readonly #nOut: number;
  readonly #block: { nImages: number; nTiles: number };

  constructor(
    runtime: WasmRuntime,
    source: RowSource,
    { geometry, nOut }: { geometry: ImageGeometry; nOut: number },
  ) {
    this.#runtime = runtime;
    this.#geometry = geometry;
    this.#images = new TiledImages(runtime, source, { ...geometry, overlap: 2 });
    this.#nOut = nOut;
    this.#block = blockOf(this.#images, { nIn: source.nChannels, nOut });
  }

  /** Sizes of the scratch areas that {@link multiply} needs. */
  get scratchBytes(): [input: number, padded: number, filter: number, tiles: number] {
    const [nIn, nOut, count] = [this.#images.source.nChannels, this.#nOut, this.#blockTiles];
    const planes = this.#filterPlane + rowMajor(count, nIn).planeBytes + rowMajor(count, nOut).planeBytes;
    return [...this.#images.scratchBytes, N_PLANES * planes, TILE_BUFFER_BYTES];
  }

  get #blockTiles(): number {
    return roundedUp(this.#block.nImages * this.#block.nTiles);
  }

  get #filterPlane(): number {
    return planeBytesOf(4 * this.#images.source.nChannels * this.#nOut);
  }

  /**
   * Writes the convolution of all images with filters `[3, 3, nIn, nOut]`.
   *
   * @param use Called with the output pixels of some images after they have been written.
   */
  multiply(
    [input, padded, matrices, buffer]: readonly [Address, Address, Address, Address],
    { filter, addressOf }: { filter: Address; addressOf: (pixel: number) => Address },
    use: (range: RowRange) => void,
  ): void {
    const { kernels } = this.#runtime;
    const images = this.#images;
    const nPixels = nOutPixels(this.#geometry);
    kernels.winogradFilter(filter, matrices, this.#filterPlane, images.source.nChannels, this.#nOut, buffer);
    images.clear(padded);
    forEachBlock(images.nImages, this.#block.nImages, (group) => {
      forEachBlock(images.nTiles, this.#block.nTiles, (tiles) => {
        this.#multiplyTiles(group, tiles, { areas: [input, padded, matrices, buffer], addressOf });
      });
      use({ first: group.first * nPixels, count: group.count * nPixels });
    });
  }

  /** Tiles of each image of a group. */
  #multiplyTiles(
    group: RowRange,
    tiles: RowRange,
    {
      areas: [input, padded, filter, buffer],
      addressOf,
    }: {
      areas: readonly [Address, Address, Address, Address];
      addressOf: (pixel: number) => Address;
    },
  ): void {
    const { kernels } = this.#runtime;
    const images = this.#images;
    const [nIn, nOut] = [images.source.nChannels, this.#nOut];
    const count = roundedUp(group.count * tiles.count);
    const [layout, products] = [rowMajor(count, nIn), rowMajor(count, nOut)];
    const target = filter + N_PLANES * this.#filterPlane;
    const result = target + N_PLANES * layout.planeBytes;
    const transform = (range: RowRange, at: number) =>
      images.transform('winogradInput', range, {
        ...{ padded, layout, buffer },
        target: target + at * layout.tileBytes,
      });
    for (let i = 0; i < group.count; i++) {
      if (tiles.first === 0) images.read(group.first + i, [input, padded]);
      transform(tiles, i * tiles.count);
    }
    // Whole fours are quicker than a product row by row; what fills them up is not used.
    for (let i = group.count * tiles.count; i < count; i++) transform({ first: tiles.first, count: 1 }, i);
    kernels.winogradMultiply(
      target,
      layout.planeBytes,
      filter,
      this.#filterPlane,
      result,
      products.planeBytes,
      count,
      nIn,
      nOut,
    );
    const { height, width } = this.#geometry;
    for (let i = 0; i < group.count; i++) {
      kernels.winogradOutput(
        result + i * tiles.count * products.tileBytes,
        products.planeBytes,
        images.tileColumns,
        tiles.first,
        tiles.count,
        nOut,
        addressOf((group.first + i) * height.outSize * width.outSize),
        height.outSize,
        width.outSize,
        buffer,
      );
    }
  }
}

function roundedUp(nTiles: number): number {
  return PRODUCT_ROWS * Math.ceil(nTiles / PRODUCT_ROWS);
}

/** The gradient for the filter of a convolution of which {@link isQuickerByTiles} says so. */
export function filterGradientByTiles(
  runtime: WasmRuntime,
  { source, dy }: { source: RowSource; dy: RowSource },
  geometry: ImageGeometry,
): TensorInfo {
  const { kernels } = runtime;
  const [nIn, nOut] = [source.nChannels, dy.nChannels];
  const images = new TiledImages(runtime, source, { ...geometry, overlap: 2 });
  const gradients = new TiledImages(runtime, dy, {
    height: ofOutput(geometry.height),
    width: ofOutput(geometry.width),
    overlap: 0,
  });
  const block = blockOf(images, { nIn, nOut });
  const maxTiles = block.nImages * block.nTiles;
  const dFilter = runtime.makeData([3, 3, nIn, nOut]);
  const sumBytes = planeBytesOf(4 * nIn * nOut);
  const sizes = [
    ...images.scratchBytes,
    ...gradients.scratchBytes,
    N_PLANES * packedLeft(maxTiles, nIn).planeBytes,
    N_PLANES * packedRight(maxTiles, nOut).planeBytes,
    N_PLANES * sumBytes,
    TILE_BUFFER_BYTES,
  ] as const;
  runtime.withScratch(sizes, ([input, padded, dyInput, dyPadded, left, right, sums, buffer]) => {
    images.clear(padded);
    gradients.clear(dyPadded);
    runtime.clear(sums, N_PLANES * sumBytes);
    forEachBlock(images.nImages, block.nImages, (group) => {
      forEachBlock(images.nTiles, block.nTiles, (tiles) => {
        const count = group.count * tiles.count;
        const [leftLayout, rightLayout] = [packedLeft(count, nIn), packedRight(count, nOut)];
        for (let i = 0; i < group.count; i++) {
          if (tiles.first === 0) {
            images.read(group.first + i, [input, padded]);
            gradients.read(group.first + i, [dyInput, dyPadded]);
          }
          const at = i * tiles.count;
          images.transform('winogradInput', tiles, {
            ...{ padded, layout: leftLayout, buffer },
            target: left + at * leftLayout.tileBytes,
          });
          gradients.transform('winogradGradient', tiles, {
            ...{ padded: dyPadded, layout: rightLayout, buffer },
            target: right + at * rightLayout.tileBytes,
          });
        }
        kernels.winogradMultiplyTransposed(
          left,
          leftLayout.planeBytes,
          right,
          rightLayout.planeBytes,
          sums,
          sumBytes,
          count,
          nIn,
          nOut,
        );
      });
    });
    kernels.winogradFilterGradient(sums, sumBytes, runtime.addressOf(dFilter), nIn * nOut, buffer);
  });
  return dFilter;
}

function ofOutput({ outSize }: { outSize: number }): { inSize: number; padBefore: number; outSize: number } {
  return { inSize: outSize, padBefore: 0, outSize };
}
