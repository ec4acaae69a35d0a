import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { GEOMETRY_BYTES, nOutPixels, sameGeometry, writeGeometry } from '../convolution/image-geometry';
import { checkImages } from '../ops/check';
import { forEachBlock } from '../rows/row-range';
import { checkActive } from '../runtime/create-runtime';
import type { Address } from '../runtime/kernel-exports';
import type { WasmRuntime } from '../runtime/wasm-runtime';
import { type BlockPlan, planBlock } from './block-plan';
import { checkNetwork } from './check-network';
import type { FoldedNetwork, PreparedNetwork } from './folded-network';
import { multiply } from './multiply';
import { type PackedNetwork, packNetwork } from './packed-weights';
import { blockScratchBytes, runBlock } from './run-block';

/** Images that go through the network together: enough to use a late layer's weights several times, few enough for the caches. */
const IMAGES_A_PASS = 4;
/** Rows of a product whose factors stay in the caches. */
const PRODUCT_ROWS = 128;

/**
 * Copies the weights of a network into the backend's heap and runs it there, a few images at a time, without tensors
 * in between.
 */
export function prepareInference(runtime: WasmRuntime, network: FoldedNetwork): PreparedNetwork {
  checkNetwork(network);
  const packed = packNetwork(runtime, network);
  const nChannels = network.stem.filter.shape[2];
  let isFreed = false;
  return {
    features(x) {
      const caller = 'prepareInference.features';
      if (isFreed) {
        throw new Error(`wasm-kernels.${caller}: the network must not be disposed. Prepare it again.`);
      }
      checkActive(runtime, caller, 'createWasmOps');
      checkImages({ caller, name: 'x' }, x);
      if (x.shape[3] !== nChannels) {
        throw new RangeError(
          `wasm-kernels.${caller}: x must have ${nChannels} channel(s), got ${x.shape[3]}.`,
        );
      }
      return new NetworkRun(runtime, packed, x).features();
    },
    dispose() {
      if (!isFreed) packed.free();
      isFreed = true;
    },
  };
}

/** One call. */
class NetworkRun {
  readonly #runtime: WasmRuntime;
  readonly #network: PackedNetwork;
  readonly #x: Tensor4D;
  readonly #nImages: number;
  readonly #stem: ReturnType<typeof sameGeometry>;
  readonly #plans: readonly BlockPlan[];

  constructor(runtime: WasmRuntime, network: PackedNetwork, x: Tensor4D) {
    this.#runtime = runtime;
    this.#network = network;
    this.#x = x;
    this.#nImages = Math.min(IMAGES_A_PASS, x.shape[0]);
    this.#stem = sameGeometry([x.shape[1], x.shape[2]], network.stemKernel, network.stemStride);
    let size: [number, number] = [this.#stem.height.outSize, this.#stem.width.outSize];
    this.#plans = network.blocks.map((block) => {
      const plan = planBlock(block, size, this.#nImages);
      size = [plan.geometry.height.outSize, plan.geometry.width.outSize];
      return plan;
    });
  }

  features(): Tensor2D {
    const { blocks, head } = this.#network;
    const batch = this.#x.shape[0];
    const sizes = [this.#imageBytes(), this.#imageBytes(), ...this.#scratchBytes()];
    return this.#runtime.withScratch(sizes, (areas) => {
      const y = this.#runtime.makeZeros([batch, head.n]);
      let [input, output] = areas as [Address, Address];
      const rest = areas.slice(2) as Address[];
      forEachBlock(batch, this.#nImages, ({ first, count }) => {
        this.#runStem(first, count, { y: input, areas: rest });
        for (const [i, block] of blocks.entries()) {
          const run = { block, plan: this.#plans[i]!, x: input, y: output, nImages: count };
          runBlock(this.#runtime, run, rest);
          [input, output] = [output, input];
        }
        this.#runHead(count, { x: input, y: this.#runtime.addressOf(y) + 4 * first * head.n, areas: rest });
      });
      return this.#runtime.toTensor<Tensor2D>(y);
    });
  }

  /** Pixels that enter the last convolution. */
  get #nLastPixels(): number {
    const last = this.#plans.at(-1);
    return last ? last.nOut : nOutPixels(this.#stem);
  }

  /** Of the outputs of the largest block, for the images of a pass. */
  #imageBytes(): number {
    const { blocks, stem } = this.#network;
    const sizes = blocks.map(({ project }, i) => this.#plans[i]!.nOut * project.n);
    return 4 * this.#nImages * Math.max(nOutPixels(this.#stem) * stem.n, ...sizes);
  }

  /** The largest need of each area; stem, blocks and head use the same ones. */
  #scratchBytes(): number[] {
    const { stem, head, blocks } = this.#network;
    const needs = [
      [GEOMETRY_BYTES, 4 * PRODUCT_ROWS * stem.k],
      [4 * this.#nImages * this.#nLastPixels * head.n],
      ...blocks.map((block, i) => blockScratchBytes({ block, plan: this.#plans[i]! })),
    ];
    const nAreas = Math.max(...needs.map((sizes) => sizes.length));
    return Array.from({ length: nAreas }, (_, i) => Math.max(...needs.map((sizes) => sizes[i] ?? 0)));
  }

  #runStem(first: number, count: number, { y, areas }: { y: Address; areas: readonly Address[] }): void {
    const { kernels } = this.#runtime;
    const { stem } = this.#network;
    const [geometry, windows] = areas as [Address, Address];
    const [, height, width, nChannels] = this.#x.shape;
    const nPixels = nOutPixels(this.#stem);
    writeGeometry(this.#runtime, this.#stem, geometry);
    for (let image = 0; image < count; image++) {
      const x = this.#runtime.addressOf(this.#x) + 4 * (first + image) * height * width * nChannels;
      forEachBlock(nPixels, PRODUCT_ROWS, (range) => {
        const target = y + 4 * (image * nPixels + range.first) * stem.n;
        kernels.unfold(x, windows, geometry, nChannels, range.first, range.count);
        multiply(this.#runtime, stem, { a: windows, c: target, nRows: range.count });
        kernels.swishValues(target, target, range.count * stem.n);
      });
    }
  }

  #runHead(count: number, { x, y, areas }: { x: Address; y: Address; areas: readonly Address[] }): void {
    const { kernels } = this.#runtime;
    const { head } = this.#network;
    const [rows] = areas as [Address];
    const nPixels = this.#nLastPixels;
    multiply(this.#runtime, head, { a: x, c: rows, nRows: count * nPixels });
    kernels.swishValues(rows, rows, count * nPixels * head.n);
    for (let image = 0; image < count; image++) {
      kernels.addRows(rows + 4 * image * nPixels * head.n, nPixels, head.n, y + 4 * image * head.n);
    }
    kernels.scaleValues(y, 1 / nPixels, y, count * head.n);
  }
}
