import { type Address, packedRightBytes } from '../runtime/kernel-exports';
import type { WasmRuntime } from '../runtime/wasm-runtime';
import type { BlockPlan } from './block-plan';
import { ExpandedLines } from './expanded-lines';
import { multiply } from './multiply';
import type { PackedBlock } from './packed-weights';
import { PaddedBand } from './padded-band';

/** A block, how to go over the images, and where they lie: `[nImages, height, width, channels]`. */
export interface BlockRun {
  block: PackedBlock;
  plan: BlockPlan;
  x: Address;
  y: Address;
  nImages: number;
}

/** Bytes of the areas of {@link runBlock}, all of them together at most a few MB. */
export function blockScratchBytes({ block, plan }: Pick<BlockRun, 'block' | 'plan'>): number[] {
  const { nMid, nGrouped } = plan;
  return [
    ExpandedLines.bytes(block, plan),
    PaddedBand.bytes(plan),
    4 * nGrouped * plan.nOut * nMid,
    4 * nGrouped * nMid,
    4 * nGrouped * block.reduce.n,
    4 * nGrouped * nMid,
    plan.isGateFolded ? packedRightBytes(nMid, block.project.n) : 0,
  ];
}

/** Group after group of images; what lies between the two 1x1 convolutions never leaves the caches. */
export function runBlock(runtime: WasmRuntime, run: BlockRun, areas: readonly Address[]): void {
  const { block, plan, nImages } = run;
  const [lines, band, depthwise, sums, hidden, gate, panels] = areas as SevenAddresses;
  const input = new ExpandedLines(runtime, { block, plan, scratch: lines });
  const padded = new PaddedBand(runtime, { plan, address: band, depthwise: block.depthwise });
  const xImage = 4 * plan.nIn * (block.expand?.k ?? plan.nMid);
  const yImage = 4 * plan.nOut * block.project.n;
  for (let first = 0; first < nImages; first += plan.nGrouped) {
    const count = Math.min(plan.nGrouped, nImages - first);
    const x = run.x + first * xImage;
    input.open(x, count);
    runtime.clear(sums, 4 * count * plan.nMid);
    for (let image = 0; image < count; image++) {
      const target = depthwise + 4 * image * plan.nOut * plan.nMid;
      padded.convolve(input, image, { y: target, sums: sums + 4 * image * plan.nMid });
    }
    computeGates(runtime, { block, plan, count }, { sums, hidden, gate });
    project(runtime, { block, plan, count, x, y: run.y + first * yImage }, { depthwise, gate, panels });
  }
}

type SevenAddresses = [Address, Address, Address, Address, Address, Address, Address];

/** The images of a group. */
interface Group {
  block: PackedBlock;
  plan: BlockPlan;
  count: number;
}

/** sigmoid(restore(swish(reduce(mean over height and width)))) of each image. */
function computeGates(
  { kernels }: WasmRuntime,
  { block, plan, count }: Group,
  { sums, hidden, gate }: { sums: Address; hidden: Address; gate: Address },
): void {
  const { reduce, restore } = block;
  kernels.scaleValues(sums, 1 / plan.nOut, sums, count * plan.nMid);
  kernels.multiplyBiased(sums, reduce.panels, hidden, count, reduce.k, reduce.n, reduce.bias, 0);
  kernels.swishValues(hidden, hidden, count * reduce.n);
  kernels.multiplyBiased(hidden, restore.panels, gate, count, restore.k, restore.n, restore.bias, 0);
  kernels.sigmoidValues(gate, gate, count * restore.n);
}

/** The last convolution of (depthwise output times gate), and the residual. */
function project(
  runtime: WasmRuntime,
  { block, plan, count, x, y }: Group & { x: Address; y: Address },
  { depthwise, gate, panels }: { depthwise: Address; gate: Address; panels: Address },
): void {
  const { kernels } = runtime;
  const { nOut, nMid } = plan;
  const matrix = block.project;
  const imageBytes = 4 * nOut * matrix.n;
  for (let image = 0; image < count; image++) {
    const rows = depthwise + 4 * image * nOut * nMid;
    const factor = gate + 4 * image * nMid;
    if (!plan.isGateFolded) {
      kernels.scaleRows(rows, nOut, nMid, factor, 0, rows);
      continue;
    }
    kernels.scalePanels(matrix.panels, factor, panels, nMid, matrix.n);
    const residual = block.hasResidual ? x + image * imageBytes : 0;
    multiply(runtime, { ...matrix, panels }, { a: rows, c: y + image * imageBytes, nRows: nOut, residual });
  }
  if (plan.isGateFolded) return;
  const residual = block.hasResidual ? x : 0;
  multiply(runtime, matrix, { a: depthwise, c: y, nRows: count * nOut, residual });
}
