import type { RowSource } from '../rows/row-source';
import type { Address } from '../runtime/kernel-exports';
import type { WasmRuntime } from '../runtime/wasm-runtime';

/** Output pixels of a tile of assembly/winograd.ts, on each axis. */
const TILE = 4;
/** Matrices that tiles of 6 x 6 values become. */
export const N_PLANES = 36;
/** What assembly/winograd.ts needs for one tile of four channels. */
export const TILE_BUFFER_BYTES = 576;
const CACHE_LINE = 64;

/** Where images lie in tiles: sizes in pixels. */
export interface Tiling {
  height: { inSize: number; padBefore: number; outSize: number };
  width: { inSize: number; padBefore: number; outSize: number };
  /** Pixels that a tile sees beside its own. */
  overlap: number;
}

/** How the transformed tiles lie in memory: see `winogradInput`. */
export interface TileLayout {
  planeBytes: number;
  octetBytes: number;
  quadBytes: number;
  tileBytes: number;
}

/** Images cut into tiles, whose transforms are the factors of matrix products. */
export class TiledImages {
  readonly source: RowSource;
  readonly tileColumns: number;
  /** Of an image. */
  readonly nTiles: number;
  readonly #runtime: WasmRuntime;
  readonly #tiling: Tiling;
  readonly #lineBytes: number;
  readonly #paddedBytes: number;

  constructor(runtime: WasmRuntime, source: RowSource, tiling: Tiling) {
    const { height, width, overlap } = tiling;
    const [rows, columns] = [nTilesOf(height.outSize), nTilesOf(width.outSize)];
    this.source = source;
    this.tileColumns = columns;
    this.nTiles = rows * columns;
    this.#runtime = runtime;
    this.#tiling = tiling;
    const paddedSize = (n: number, axis: Tiling['height']) =>
      Math.max(TILE * n + overlap, axis.padBefore + axis.inSize);
    this.#lineBytes = 4 * source.nChannels * paddedSize(columns, width);
    this.#paddedBytes = this.#lineBytes * paddedSize(rows, height);
  }

  get nImages(): number {
    return this.source.nRows / this.#nPixels;
  }

  get #nPixels(): number {
    return this.#tiling.height.inSize * this.#tiling.width.inSize;
  }

  /** Sizes of the scratch areas of {@link clear}, {@link read} and {@link transform}. */
  get scratchBytes(): [input: number, padded: number] {
    return [this.source.scratchBytes(this.#nPixels), this.#paddedBytes];
  }

  /** Writes the zeros around the images, once. */
  clear(padded: Address): void {
    this.#runtime.clear(padded, this.#paddedBytes);
  }

  /** Puts an image between the zeros. */
  read(image: number, [input, padded]: readonly [Address, Address]): void {
    const { height, width } = this.#tiling;
    const { nChannels } = this.source;
    const x = this.source.read({ first: image * this.#nPixels, count: this.#nPixels }, input);
    const inner = padded + height.padBefore * this.#lineBytes + 4 * width.padBefore * nChannels;
    const lineLength = width.inSize * nChannels;
    this.#runtime.kernels.padLines(x, inner, height.inSize, lineLength, this.#lineBytes, 0);
  }

  /** Transforms tiles of the image that was read last: as an input, or as a gradient of the output. */
  transform(
    kind: 'winogradInput' | 'winogradGradient',
    { first, count }: { first: number; count: number },
    {
      padded,
      target,
      layout,
      buffer,
    }: { padded: Address; target: Address; layout: TileLayout; buffer: Address },
  ): void {
    this.#runtime.kernels[kind](
      padded,
      this.#lineBytes,
      this.tileColumns,
      first,
      count,
      this.source.nChannels,
      target,
      layout.planeBytes,
      layout.octetBytes,
      layout.quadBytes,
      layout.tileBytes,
      buffer,
    );
  }
}

export function nTilesOf(outSize: number): number {
  return Math.ceil(outSize / TILE);
}

/** Bytes between planes: an odd number of cache lines, so that not all planes fall on the same lines of the cache. */
export function planeBytesOf(nBytes: number): number {
  const nLines = Math.ceil(nBytes / CACHE_LINE);
  return CACHE_LINE * (nLines + 1 - (nLines % 2));
}

/** Row-major `[count, channels]`. */
export function rowMajor(count: number, channels: number): TileLayout {
  return {
    planeBytes: planeBytesOf(4 * count * channels),
    octetBytes: 32,
    quadBytes: 16,
    tileBytes: 4 * channels,
  };
}

/** As `packLeft` packs `[count, channels]`. */
export function packedLeft(count: number, channels: number): TileLayout {
  return {
    planeBytes: planeBytesOf(4 * count * channels),
    octetBytes: 32 * count,
    quadBytes: 16 * count,
    tileBytes: 16,
  };
}

/** As `packRight` packs `[count, channels]`. */
export function packedRight(count: number, channels: number): TileLayout {
  return {
    planeBytes: planeBytesOf(4 * count * channels),
    octetBytes: 32 * count,
    quadBytes: 16,
    tileBytes: 32,
  };
}
