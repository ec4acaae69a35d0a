import type { MelCoreSetup } from './mel-core';

/** Frames whose samples and bands are in the memory at a time, an even number; fewer copies take more of them twice. */
export const BLOCK_FRAMES = 64;

const DOUBLE = 8;
const PAIR = 2;

/** Bytes of each region of the memory of a WebAssembly core. */
function regionSizes({ nFft, hopLength, bands }: MelCoreSetup) {
  const half = nFft / 2;
  return {
    /** Samples of a block of frames, float64. */
    samples: ((BLOCK_FRAMES - 1) * hopLength + nFft) * DOUBLE,
    window: nFft * DOUBLE,
    /** Order in which the first step reads, uint32. */
    offsets: half * 2,
    /** w^j, w^2j, w^3j of every later step, step after step. */
    factors: half * 2 * DOUBLE,
    /** Transforms of two frames, complex. */
    z: half * PAIR * 2 * DOUBLE,
    /** cos and sin of 2 pi k / nFft. */
    turns: (half / 2 + 1) * 2 * DOUBLE,
    /** Spectra of two frames, real. */
    spectrum: (half + 1) * PAIR * DOUBLE,
    rise: bands.nBins * DOUBLE,
    scales: bands.nMels * DOUBLE,
    firstBins: (bands.nMels + 2) * 4,
    /** `[nMels, BLOCK_FRAMES]` float32. */
    bands: bands.nMels * BLOCK_FRAMES * 4,
  };
}

type Region = keyof ReturnType<typeof regionSizes>;

/** Byte address of each region, and where the last one ends. */
export type WasmLayout = Record<Region | 'end', number>;

/** Regions one after the other, each from a multiple of 16 bytes. */
export function layOut(setup: MelCoreSetup): WasmLayout {
  const layout = {} as WasmLayout;
  let end = 0;
  for (const [region, size] of Object.entries(regionSizes(setup))) {
    layout[region as Region] = end;
    end += Math.ceil(size / 16) * 16;
  }
  return { ...layout, end };
}
