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

const PAGES = 1;
const MEMORY_BYTES = PAGES * 65_536;
const GUARD_BYTES = 32;
const GUARD = 0xa5;
const GUARD_WORD = 0xa5a5a5a5 | 0;

/** Bytes of each operand, and the call with their addresses. */
type Call = [sizes: number[], run: (kernels: KernelExports, ...at: Address[]) => void];

// biome-ignore format: a table
function callsFor(rows: number, n: number, k: number): Record<string, Call> {
  const f = (count: number) => 4 * count;
  const image = { height: rows, width: 5, kernel: 3, stride: 2 };
  const nOut = Math.ceil(image.height / 2) * 3;
  const [x, y, w] = [f(rows * 5 * n), f(nOut * n), f(9 * n)];
  const patches = f(nOut * 9 * n);
  return {
    packRight: [[f(rows * n), packedRightBytes(rows, n)], (kernels, b, p) => kernels.packRight(b, p, rows, n)],
    packRightTransposed: [[f(rows * n), packedRightBytes(rows, n)], (kernels, b, p) => kernels.packRightTransposed(b, p, rows, n)],
    packLeft: [[f(rows * n), packedLeftBytes(rows, n)], (kernels, b, p) => kernels.packLeft(b, p, rows, n)],
    multiply: [[f(rows * k), packedRightBytes(k, n), f(rows * n)], (kernels, a, b, c) => kernels.multiply(a, b, c, rows, k, n)],
    multiplyTransposed: [[packedLeftBytes(rows, k), packedRightBytes(rows, n), f(k * n)], (kernels, a, b, c) => kernels.multiplyTransposed(a, b, c, rows, k, n)],
    finishRows: [[f(rows * n), f(n), f(rows * n)], (kernels, c, b, r) => kernels.finishRows(c, rows, n, b, r, 1)],
    depthwise: [[40, x, w, y], (kernels, g, a, b, c) => kernels.depthwise(a, b, c, g, n)],
    depthwiseInputGradient: [[40, y, w, x], (kernels, g, a, b, c) => kernels.depthwiseInputGradient(a, b, c, g, n)],
    depthwiseFilterGradient: [[40, x, y, w], (kernels, g, a, b, c) => kernels.depthwiseFilterGradient(a, b, c, g, n)],
    unfold: [[40, x, patches], (kernels, g, a, b) => kernels.unfold(a, b, g, n, 0, nOut)],
    fold: [[40, patches, x], (kernels, g, a, b) => kernels.fold(a, b, g, n, 0, nOut)],
    gatherStatistics: [[f(rows * n), statisticsBytes(n)], (kernels, a, s) => kernels.gatherStatistics(a, rows, n, s)],
    finishStatistics: [[statisticsBytes(n), f(n), f(n)], (kernels, s, m, v) => kernels.finishStatistics(s, n, m, v)],
    makeNorm: [[f(n), f(n), f(n), f(n), f(4 * n)], (kernels, m, v, g, b, o) => kernels.makeNorm(m, v, g, b, n, 1, o)],
    normalize: [[f(rows * n), f(4 * n), f(n), f(rows * n)], (kernels, a, m, g, o) => kernels.normalize(a, rows, n, m, 1, g, o)],
    gatherNormGradient: [[f(rows * n), f(rows * n), f(4 * n), f(rows * n), normGradientBytes(n)], (kernels, dy, a, m, dz, s) => kernels.gatherNormGradient(dy, a, rows, n, m, 1, dz, s)],
    finishNormGradient: [[normGradientBytes(n), f(4 * n), f(n), f(n), f(4 * n)], (kernels, s, m, g, b, c) => kernels.finishNormGradient(s, rows, n, m, g, b, c)],
    normInputGradient: [[f(rows * n), f(rows * n), f(4 * n), f(rows * n)], (kernels, dz, a, c, o) => kernels.normInputGradient(dz, a, rows, n, c, o)],
    addRows: [[f(rows * n), f(n)], (kernels, a, s) => kernels.addRows(a, rows, n, s)],
    addRowProducts: [[f(rows * n), f(rows * n), f(n)], (kernels, a, b, s) => kernels.addRowProducts(a, b, rows, n, s)],
    scaleRows: [[f(rows * n), f(n), f(n), f(rows * n)], (kernels, a, s, t, o) => kernels.scaleRows(a, rows, n, s, t, o)],
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
    const address = i === last ? MEMORY_BYTES - size : next;
    if (i !== last) next += size + GUARD_BYTES + (((-size % 8) + 8) % 8);
    bytes.fill(0, address, address + size);
    addresses.push(address);
  }
  if (sizes[0] === 40)
    new Uint8Array(memory.buffer, addresses[0], 40).set(new Uint8Array(Int32Array.from(geometry).buffer));
  run(kernels, ...addresses);
  for (const [i, size] of sizes.entries()) bytes.fill(GUARD, addresses[i], addresses[i]! + size);
  const words = new Int32Array(memory.buffer);
  expect(words.findIndex((word) => word !== GUARD_WORD)).toBe(-1);
}

describe.each(['simd', 'relaxed-simd'] as const)('in the %s build', (level) => {
  beforeAll(() => {
    enableRelaxedSimd();
    expect(supportsSimd(level)).toBe(true);
  });

  test.each(Object.keys(callsFor(1, 1, 1)))('%s stays within its operands', async (name) => {
    const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES });
    const kernels = await bindKernels(await compileKernels(level, false), memory);
    for (const n of [1, 2, 3, 4, 5, 7, 8, 11, 16, 21]) {
      for (const [rows, k] of [
        [1, 3],
        [2, 4],
        [5, 1],
        [8, 9],
      ] as const) {
        const call = callsFor(rows, n, k)[name]!;
        const geometry = [rows, 5, Math.ceil(rows / 2), 3, 3, 3, 2, 2, rows % 2, 1];
        for (const last of call[0].keys()) runGuarded(memory, kernels, call, last, geometry);
      }
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
