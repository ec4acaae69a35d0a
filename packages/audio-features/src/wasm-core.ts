import { allocateKernelMemory, compileSmallKernel, instantiateSmallKernel } from '@serial-oe/foundation';
import { planFft } from './fft-plan';
import { KERNEL_BINARY } from './generated/kernel-binary';
import type { Kernels } from './kernels';
import type { MelCore, MelCoreSetup } from './mel-core';
import { turnFactors } from './real-fft';
import { BLOCK_FRAMES, layOut, type WasmLayout } from './wasm-layout';
import type { Waveform } from './waveform';

/** Bytes of a complex number of one frame, and of two. */
const COMPLEX = 16;
const PAIR = 32;
const STRIDE = BLOCK_FRAMES * Float32Array.BYTES_PER_ELEMENT;

/** Whether the kernels can do it: they raise to no other power, and the frames of a block must not lie far apart. */
export function isForWasm({ nFft, hopLength, power }: MelCoreSetup): boolean {
  return (power === 1 || power === 2) && nFft <= 2 ** 16 && hopLength <= nFft;
}

/**
 * The core on WebAssembly: two frames at a time, one in each half of a vector. Its memory, 0.3 MB for the default
 * options, is freed with it.
 *
 * @returns undefined where there is no WebAssembly with SIMD, or compiling is forbidden.
 * @throws RangeError where the memory cannot be had.
 */
export function createWasmCore(setup: MelCoreSetup): MelCore | undefined {
  const module = compileSmallKernel(KERNEL_BINARY);
  if (!module) return undefined;
  const layout = layOut(setup);
  const memory = allocateKernelMemory(layout.end);
  const kernels = instantiateSmallKernel<Kernels>(module, memory);
  const transformPair = createPairTransform(setup, { kernels, memory, at: layout });
  const { nFft, hopLength } = setup;
  const { nMels } = setup.bands;
  const samples = new Float64Array(memory.buffer, layout.samples, (BLOCK_FRAMES - 1) * hopLength + nFft);
  const block = new Float32Array(memory.buffer, layout.bands, nMels * BLOCK_FRAMES);
  return (padded, nFrames, out) => {
    for (let first = 0; first < nFrames; first += BLOCK_FRAMES) {
      const count = Math.min(BLOCK_FRAMES, nFrames - first);
      const start = first * hopLength;
      copy(padded.subarray(start, start + (count - 1) * hopLength + nFft), samples);
      for (let i = 0; i < count; i += 2) transformPair(i, Math.min(i + 1, count - 1));
      for (let m = 0; m < nMels; m++) {
        const to = m * nFrames + first;
        const from = m * BLOCK_FRAMES;
        for (let i = 0; i < count; i++) out[to + i] = block[from + i]!;
      }
    }
  };
}

/** Faster than `set`, which converts one value after the other by a call. */
function copy(from: Waveform, to: Float64Array): void {
  for (let i = 0; i < from.length; i++) to[i] = from[i]!;
}

/** Bands of frame `i` of the block and of another, to columns i and i + 1. */
function createPairTransform(
  setup: MelCoreSetup,
  { kernels, memory, at }: { kernels: Kernels; memory: WebAssembly.Memory; at: WasmLayout },
): (i: number, other: number) => void {
  const half = setup.nFft / 2;
  const { firstRadix, steps } = writeTables(setup, at, memory);
  const nFirst = half / firstRadix;
  const { combine4, sumBands } = kernels;
  const windowAndTransform: Kernels['windowAndTransform4'] =
    firstRadix === 4 ? kernels.windowAndTransform4 : kernels.windowAndTransform2;
  const split = setup.power === 1 ? kernels.magnitudes : kernels.powers;
  const hopBytes = setup.hopLength * Float64Array.BYTES_PER_ELEMENT;
  const end = at.z + half * PAIR;
  const { nMels } = setup.bands;
  return (i, other) => {
    const frame = at.samples + i * hopBytes;
    windowAndTransform(frame, at.samples + other * hopBytes, at.window, at.offsets, nFirst, at.z);
    for (const { length, address } of steps) combine4(at.z, end, length, address);
    split(at.z, half, at.turns, at.spectrum);
    sumBands(at.spectrum, at.firstBins, at.rise, at.scales, nMels, at.bands + 4 * i, STRIDE);
  };
}

/** Everything that does not change from frame to frame. */
function writeTables({ nFft, window, bands }: MelCoreSetup, at: WasmLayout, memory: WebAssembly.Memory) {
  const writeDoubles = (address: number, values: Float64Array) =>
    new Float64Array(memory.buffer, address, values.length).set(values);
  const writeIntegers = (address: number, values: Uint32Array | Int32Array) =>
    new Uint32Array(memory.buffer, address, values.length).set(values);
  const plan = planFft(nFft / 2);
  const { cos, sin } = turnFactors(nFft);
  writeDoubles(at.window, window);
  writeIntegers(
    at.offsets,
    plan.order.map((first) => first * COMPLEX),
  );
  writeDoubles(
    at.turns,
    Float64Array.from({ length: 2 * cos.length }, (_, i) => (i % 2 === 0 ? cos : sin)[i >> 1]!),
  );
  writeDoubles(at.rise, bands.rise);
  writeDoubles(at.scales, bands.scales);
  writeIntegers(at.firstBins, bands.firstBins);
  let address = at.factors;
  const steps = plan.steps.map(({ length, factors }) => {
    const step = { length, address };
    writeDoubles(address, factors);
    address += factors.byteLength;
    return step;
  });
  return { firstRadix: plan.firstRadix, steps };
}
