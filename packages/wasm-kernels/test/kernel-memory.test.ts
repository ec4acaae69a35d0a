// Every kernel with each of its operands in turn at the very end of the memory, where a read beyond it traps, and with
// guard bytes before and behind every operand. What the kernels compute is tested through the operations.

import { enableRelaxedSimd } from '../src/node';
import {
  type Address,
  type KernelExports,
  normGradientBytes,
  packedLeftBytes,
  packedRightBytes,
  statisticsBytes,
} from '../src/runtime/kernel-exports';
import { bindKernels, compileKernels } from '../src/runtime/load-kernels';
import { supportsSimd } from '../src/runtime/simd-support';

const N_PAGES = 2;
const GUARD_BYTES = 32;
const GUARD = 0xa5;
const GUARD_WORD = 0xa5a5a5a5 | 0;
const GEOMETRY_BYTES = 40;

/** Bytes of each operand, and the call with their addresses. */
type Call = [sizes: number[], run: (kernels: KernelExports, ...at: Address[]) => void];

/** The sizes of a call. Matrices are `[rows, n]` and `[rows, k]`; images are `[rows, width, n]`. */
interface Sizes {
  rows: number;
  n: number;
  k: number;
  /** Of a convolution with padding as for 'same'. */
  image: { width: number; kernel: number; stride: number };
}

/** The ten numbers of assembly/geometry.ts. */
function geometryOf({ rows, image: { width, kernel, stride } }: Sizes): number[] {
  const [outRows, outWidth] = [Math.ceil(rows / stride), Math.ceil(width / stride)];
  const padOf = (inSize: number, outSize: number) =>
    Math.max(0, (outSize - 1) * stride + kernel - inSize) >> 1;
  const padding = [padOf(rows, outRows), padOf(width, outWidth)];
  return [rows, width, outRows, outWidth, kernel, kernel, stride, stride, ...padding];
}

/** A call for each function, and for each way to call it that takes other steps. */
// biome-ignore format: a table
function callsFor(call: Sizes): Record<string, Call> {
  const { rows, n, k, image: { width, kernel, stride } } = call;
  const f = (count: number) => 4 * count;
  const [outRows, outWidth] = [Math.ceil(rows / stride), Math.ceil(width / stride)];
  const nOut = outRows * outWidth;
  const [x, y, w] = [f(rows * width * n), f(nOut * n), f(kernel * kernel * n)];
  // With the zeros of the padding in it, and channels in fours.
  const paddedWidth = (outWidth - 1) * stride + kernel;
  const padded = f(((outRows - 1) * stride + kernel) * paddedWidth * n);
  const group = 4 * Math.ceil(n / 4);
  const patches = f(nOut * kernel * kernel * n);
  const [eights, column] = [8 * Math.ceil(n / 8), 8 * Math.ceil(k / 8)];
  // Two tiles side by side, the pixels of the second not all in the image.
  const nTiles = Math.min(rows, 2);
  const [plane, filterPlane] = [f(nTiles * eights), f(8 * eights)];
  return {
    packRight: [[f(rows * n), packedRightBytes(rows, n)], (kernels, b, p) => kernels.packRight(b, p, rows, n)],
    packRightTransposed: [[f(rows * n), packedRightBytes(rows, n)], (kernels, b, p) => kernels.packRightTransposed(b, p, rows, n)],
    packLeft: [[f(rows * n), packedLeftBytes(rows, n)], (kernels, b, p) => kernels.packLeft(b, p, rows, n)],
    multiply: [[f(rows * k), packedRightBytes(k, n), f(rows * n)], (kernels, a, b, c) => kernels.multiply(a, b, c, rows, k, n)],
    multiplyBiased: [[f(rows * k), packedRightBytes(k, n), f(rows * n), f(8 * Math.ceil(n / 8)), f(rows * n)], (kernels, a, b, c, v, r) => kernels.multiplyBiased(a, b, c, rows, k, n, v, r)],
    'multiplyBiased, without a residual': [[f(rows * k), packedRightBytes(k, n), f(rows * n), f(8 * Math.ceil(n / 8))], (kernels, a, b, c, v) => kernels.multiplyBiased(a, b, c, rows, k, n, v, 0)],
    scalePanels: [[packedRightBytes(rows, n), f(rows), packedRightBytes(rows, n)], (kernels, a, s, o) => kernels.scalePanels(a, s, o, rows, n)],
    multiplyTransposed: [[packedLeftBytes(rows, k), packedRightBytes(rows, n), f(k * n)], (kernels, a, b, c) => kernels.multiplyTransposed(a, b, c, rows, k, n)],
    finishRows: [[f(rows * n), f(n), f(rows * n)], (kernels, c, b, r) => kernels.finishRows(c, rows, n, b, r, 1)],
    'finishRows, nothing but the rows': [[f(rows * n)], (kernels, c) => kernels.finishRows(c, rows, n, 0, 0, 0)],
    depthwise: [[GEOMETRY_BYTES, x, w, y], (kernels, g, a, b, c) => kernels.depthwise(a, b, c, g, n)],
    depthwiseInputGradient: [[GEOMETRY_BYTES, y, w, x], (kernels, g, a, b, c) => kernels.depthwiseInputGradient(a, b, c, g, n)],
    depthwiseFilterGradient: [[GEOMETRY_BYTES, x, y, w], (kernels, g, a, b, c) => kernels.depthwiseFilterGradient(a, b, c, g, n)],
    convolve: [[GEOMETRY_BYTES, padded, packedRightBytes(kernel * kernel * n, k), f(nOut * k)], (kernels, _, a, b, c) => kernels.convolve(a, b, c, nOut, outWidth, f(paddedWidth * n), f(stride * paddedWidth * n), f(stride * n), kernel, kernel * n, k)],
    convolveGradient: [[GEOMETRY_BYTES, padded + 12, f(nOut * column), f(kernel * kernel * n * column)], (kernels, _, a, b, c) => kernels.convolveGradient(a, b, c, outRows, outWidth, f(paddedWidth * n), f(stride * paddedWidth * n), f(stride * n), kernel, kernel * n, column)],
    turnFilter: [[f(rows * n * k), f(rows * n * k)], (kernels, a, o) => kernels.turnFilter(a, o, rows, n, k)],
    winogradInput: [[f(6 * 10 * eights), 36 * plane, 576], (kernels, a, o, t) => kernels.winogradInput(a, f(10 * eights), 2, 0, nTiles, eights, o, plane, 32, 16, f(eights), t)],
    'winogradInput, packed as a left factor': [[f(6 * 10 * eights), 36 * plane, 576], (kernels, a, o, t) => kernels.winogradInput(a, f(10 * eights), 2, 0, nTiles, eights, o, plane, 32 * nTiles, 16 * nTiles, 16, t)],
    winogradGradient: [[f(4 * 8 * eights), 36 * plane, 576], (kernels, a, o, t) => kernels.winogradGradient(a, f(8 * eights), 2, 0, nTiles, eights, o, plane, 32 * nTiles, 16, 32, t)],
    winogradOutput: [[36 * plane, f(3 * 6 * eights), 576], (kernels, a, o, t) => kernels.winogradOutput(a, plane, 2, 0, nTiles, eights, o, 3, 6, t)],
    winogradMultiply: [[36 * f(2 * k), 36 * packedRightBytes(k, n), 36 * f(2 * n)], (kernels, a, b, c) => kernels.winogradMultiply(a, f(2 * k), b, packedRightBytes(k, n), c, f(2 * n), 2, k, n)],
    winogradMultiplyTransposed: [[36 * packedLeftBytes(2, k), 36 * packedRightBytes(2, n), 36 * f(k * n)], (kernels, a, b, c) => kernels.winogradMultiplyTransposed(a, packedLeftBytes(2, k), b, packedRightBytes(2, n), c, f(k * n), 2, k, n)],
    winogradFilter: [[f(9 * 8 * eights), 36 * filterPlane, 576], (kernels, a, o, t) => kernels.winogradFilter(a, o, filterPlane, 8, eights, t)],
    winogradFilterGradient: [[36 * filterPlane, f(9 * 8 * eights), 576], (kernels, a, o, t) => kernels.winogradFilterGradient(a, filterPlane, o, 8 * eights, t)],
    maxPoolGradient: [[GEOMETRY_BYTES, x, y, y, x], (kernels, g, a, b, d, o) => kernels.maxPoolGradient(a, b, d, o, g, n)],
    depthwiseSwish: [[GEOMETRY_BYTES, padded, f(kernel * kernel * group), f(group), y, f(n)], (kernels, _, a, b, v, o, s) => kernels.depthwiseSwish(a, b, v, o, s, outRows, outWidth, f(paddedWidth * n), n, kernel, stride)],
    padLines: [[f(rows * n), f(rows * (n + 3))], (kernels, a, o) => kernels.padLines(a, o, rows, n, f(n + 3), 1)],
    'padLines, without an activation': [[f(rows * n), f(rows * (n + 3))], (kernels, a, o) => kernels.padLines(a, o, rows, n, f(n + 3), 0)],
    unfold: [[GEOMETRY_BYTES, x, patches], (kernels, g, a, b) => kernels.unfold(a, b, g, n, 0, nOut)],
    fold: [[GEOMETRY_BYTES, patches, x], (kernels, g, a, b) => kernels.fold(a, b, g, n, 0, nOut)],
    gatherStatistics: [[f(rows * n), statisticsBytes(n)], (kernels, a, s) => kernels.gatherStatistics(a, rows, n, s)],
    finishStatistics: [[statisticsBytes(n), f(n), f(n)], (kernels, s, m, v) => kernels.finishStatistics(s, n, m, v)],
    makeNorm: [[f(n), f(n), f(n), f(n), f(4 * n)], (kernels, m, v, g, b, o) => kernels.makeNorm(m, v, g, b, n, 1, 0, o)],
    'makeNorm, with slopes': [[f(n), f(n), f(n), f(n), f(n), f(5 * n)], (kernels, m, v, g, b, s, o) => kernels.makeNorm(m, v, g, b, n, 1, s, o)],
    normalize: [[f(rows * n), f(4 * n), f(n), f(rows * n)], (kernels, a, m, g, o) => kernels.normalize(a, rows, n, m, 1, g, o)],
    'normalize, neither activation nor gate': [[f(rows * n), f(4 * n), f(rows * n)], (kernels, a, m, o) => kernels.normalize(a, rows, n, m, 0, 0, o)],
    'normalize, prelu': [[f(rows * n), f(5 * n), f(rows * n)], (kernels, a, m, o) => kernels.normalize(a, rows, n, m, 2, 0, o)],
    'normalize, prelu and gate': [[f(rows * n), f(5 * n), f(n), f(rows * n)], (kernels, a, m, g, o) => kernels.normalize(a, rows, n, m, 2, g, o)],
    normalizeWithSlope: [[f(rows * n), f(4 * n), f(rows * n), f(rows * n)], (kernels, a, m, o, d) => kernels.normalizeWithSlope(a, rows, n, m, o, d)],
    gatherNormGradient: [[f(rows * n), f(rows * n), f(4 * n), f(rows * n), normGradientBytes(n)], (kernels, dy, a, m, dz, s) => kernels.gatherNormGradient(dy, a, rows, n, m, 1, dz, s)],
    'gatherNormGradient, without an activation': [[f(rows * n), f(rows * n), f(4 * n), normGradientBytes(n)], (kernels, dy, a, m, s) => kernels.gatherNormGradient(dy, a, rows, n, m, 0, dy, s)],
    'gatherNormGradient, prelu': [[f(rows * n), f(rows * n), f(5 * n), f(rows * n), normGradientBytes(n)], (kernels, dy, a, m, dz, s) => kernels.gatherNormGradient(dy, a, rows, n, m, 2, dz, s)],
    gatherScaledGradient: [[f(rows * n), f(rows * n), f(rows * n), f(4 * n), f(rows * n), normGradientBytes(n)], (kernels, dy, d, a, m, dz, s) => kernels.gatherScaledGradient(dy, d, a, rows, n, m, dz, s)],
    finishNormGradient: [[normGradientBytes(n), f(4 * n), f(n), f(n), f(4 * n)], (kernels, s, m, g, b, c) => kernels.finishNormGradient(s, rows, n, m, g, b, 0, c)],
    'finishNormGradient, with slopes': [[normGradientBytes(n), f(4 * n), f(n), f(n), f(n), f(4 * n)], (kernels, s, m, g, b, d, c) => kernels.finishNormGradient(s, rows, n, m, g, b, d, c)],
    normInputGradient: [[f(rows * n), f(rows * n), f(4 * n), f(rows * n)], (kernels, dz, a, c, o) => kernels.normInputGradient(dz, a, rows, n, c, o)],
    addRows: [[f(rows * n), f(n)], (kernels, a, s) => kernels.addRows(a, rows, n, s)],
    addRowProducts: [[f(rows * n), f(rows * n), f(n)], (kernels, a, b, s) => kernels.addRowProducts(a, b, rows, n, s)],
    scaleRows: [[f(rows * n), f(n), f(n), f(rows * n)], (kernels, a, s, t, o) => kernels.scaleRows(a, rows, n, s, t, o)],
    'scaleRows, without an offset': [[f(rows * n), f(n), f(rows * n)], (kernels, a, s, o) => kernels.scaleRows(a, rows, n, s, 0, o)],
    repeatRow: [[f(n), f(rows * n)], (kernels, a, o) => kernels.repeatRow(a, rows, n, 2, o)],
    addValues: [[f(n), f(n), f(n)], (kernels, a, b, o) => kernels.addValues(a, b, o, n)],
    scaleValues: [[f(n), f(n)], (kernels, a, o) => kernels.scaleValues(a, 2, o, n)],
    swishValues: [[f(n), f(n)], (kernels, a, o) => kernels.swishValues(a, o, n)],
    sigmoidValues: [[f(n), f(n)], (kernels, a, o) => kernels.sigmoidValues(a, o, n)],
    swishGradient: [[f(n), f(n), f(n)], (kernels, a, b, o) => kernels.swishGradient(a, b, o, n)],
    sigmoidGradient: [[f(n), f(n), f(n)], (kernels, a, b, o) => kernels.sigmoidGradient(a, b, o, n)],
    adamW: [[f(n), f(n), f(n), f(n), f(n), f(n), f(n)], (kernels, p, g, m, v, p2, m2, v2) => kernels.adamW(p, g, m, v, p2, m2, v2, n, 0.9, 0.1, 0.9, 0.1, 1, 0.1, 1)],
  };
}

/** Lays the operands out with guards between them, one of them at the end of the memory, runs, and checks the guards. */
function runGuarded(
  memory: WebAssembly.Memory,
  kernels: KernelExports,
  [sizes, run]: Call,
  last: number,
  geometry: number[],
): void {
  const bytes = new Uint8Array(memory.buffer);
  bytes.fill(GUARD);
  const addresses: number[] = [];
  let next = GUARD_BYTES;
  for (const [i, size] of sizes.entries()) {
    const address = i === last ? bytes.length - size : next;
    if (i !== last) next += size + GUARD_BYTES + (((-size % 8) + 8) % 8);
    bytes.fill(0, address, address + size);
    addresses.push(address);
  }
  expect(next).toBeLessThan(addresses[last]!);
  if (sizes[0] === GEOMETRY_BYTES) bytes.set(new Uint8Array(Int32Array.from(geometry).buffer), addresses[0]);
  run(kernels, ...addresses);
  for (const [i, size] of sizes.entries()) bytes.fill(GUARD, addresses[i], addresses[i]! + size);
  expect(indexOfOther(new Int32Array(memory.buffer), GUARD_WORD)).toBe(-1);
}

function indexOfOther(words: Int32Array, word: number): number {
  for (let i = 0; i < words.length; i++) if (words[i] !== word) return i;
  return -1;
}

const SMALL_IMAGE: Sizes['image'] = { width: 5, kernel: 3, stride: 2 };

/** Channels: less than a vector, all remainders by 4 and 8, and the tiles of 8 and 16. */
const CHANNELS = [1, 2, 3, 4, 5, 7, 8, 11, 16, 21];
// biome-ignore format: a table
const ROWS = [{ rows: 1, k: 3 }, { rows: 2, k: 4 }, { rows: 5, k: 1 }, { rows: 8, k: 9 }];
/** Wide enough for three pixels at a time between the edges, and smaller than the kernel. */
const IMAGES = [3, 5].flatMap((kernel) =>
  [1, 2].flatMap((stride) => [2, 13].map((width) => ({ width, kernel, stride }))),
);

const smallSizes = CHANNELS.flatMap((n) => ROWS.map((each) => ({ ...each, n, image: SMALL_IMAGE })));
const imageSizes = IMAGES.flatMap((image) =>
  [3, 8, 16].flatMap((n) => [1, 2, 5].map((rows) => ({ rows, n, k: 1, image }))),
);
/** More rows than are summed at a time in float32. */
const longSizes = [1, 5].map((n) => ({ rows: 259, n, k: 2, image: SMALL_IMAGE }));

function sizesFor(name: string): Sizes[] {
  const takesImages = callsFor(smallSizes[0]!)[name]![0][0] === GEOMETRY_BYTES;
  return takesImages ? [...smallSizes, ...imageSizes] : [...smallSizes, ...longSizes];
}

const NAMES = Object.keys(callsFor(smallSizes[0]!));

describe.each(['simd', 'relaxed-simd'] as const)('in the %s build', (level) => {
  const load = async () => {
    const memory = new WebAssembly.Memory({ initial: N_PAGES, maximum: N_PAGES });
    return { memory, kernels: await bindKernels(await compileKernels(level, false), memory) };
  };

  beforeAll(() => {
    enableRelaxedSimd();
    expect(supportsSimd(level)).toBe(true);
  });

  test('the table below names every kernel', async () => {
    const { kernels } = await load();
    const called = new Set(NAMES.map((name) => name.split(',')[0]));
    expect([...called].sort()).toEqual(Object.keys(kernels).sort());
  });

  test.each(NAMES)('%s: stays within its operands', async (name) => {
    const { memory, kernels } = await load();
    for (const sizes of sizesFor(name)) {
      const call = callsFor(sizes)[name]!;
      for (const last of call[0].keys()) runGuarded(memory, kernels, call, last, geometryOf(sizes));
    }
  });

  test('they also work on a shared memory, as the threaded backend has it', async () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared: true });
    const kernels = await bindKernels(await compileKernels(level, true), memory);
    new Float32Array(memory.buffer, 0, 6).set([1, 2, 3, 10, 20, 30]);
    kernels.addValues(0, 12, 24, 3);
    expect([...new Float32Array(memory.buffer, 24, 3)]).toEqual([11, 22, 33]);
  });
});
