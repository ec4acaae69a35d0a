import type { Address } from '../runtime/kernel-exports';
import type { WasmRuntime } from '../runtime/wasm-runtime';
import type { BlockPlan } from './block-plan';
import { multiply } from './multiply';
import type { PackedBlock } from './packed-weights';

/** The lines that the depthwise convolution of a block reads, before swish, computed when they are asked for. */
export class ExpandedLines {
  /** Whether swish is still to be applied to the lines. */
  readonly needsSwish: boolean;
  readonly #runtime: WasmRuntime;
  readonly #block: PackedBlock;
  readonly #plan: BlockPlan;
  readonly #scratch: Address;
  #x: Address = 0;
  #nLines = 0;
  /** First line in the scratch area. */
  #first = Number.NaN;

  constructor(
    runtime: WasmRuntime,
    { block, plan, scratch }: { block: PackedBlock; plan: BlockPlan; scratch: Address },
  ) {
    this.#runtime = runtime;
    this.#block = block;
    this.#plan = plan;
    this.#scratch = scratch;
    this.needsSwish = block.expand !== null;
  }

  /** Scratch bytes. */
  static bytes({ expand }: PackedBlock, { nExpandedLines, nMid, geometry }: BlockPlan): number {
    return expand ? 4 * nExpandedLines * geometry.width.inSize * nMid : 0;
  }

  /** Turns to other images; their lines are counted through. */
  open(x: Address, nImages: number): void {
    this.#x = x;
    this.#nLines = nImages * this.#plan.geometry.height.inSize;
    this.#first = Number.NaN;
  }

  /** Where a line lies, and how many of `count` lie one after the other from there on. */
  read(line: number, count: number): { address: Address; nLines: number } {
    const { nMid, geometry, nExpandedLines } = this.#plan;
    const { expand } = this.#block;
    const width = geometry.width.inSize;
    const lineBytes = 4 * width * nMid;
    if (!expand) return { address: this.#x + line * lineBytes, nLines: count };
    const first = line - (line % nExpandedLines);
    const nLines = Math.min(nExpandedLines, this.#nLines - first);
    if (first !== this.#first) {
      const a = this.#x + 4 * first * width * expand.k;
      multiply(this.#runtime, expand, { a, c: this.#scratch, nRows: nLines * width });
      this.#first = first;
    }
    return {
      address: this.#scratch + (line - first) * lineBytes,
      nLines: Math.min(count, first + nLines - line),
    };
  }
}
