import { createTypescriptCore, type MelCore, type MelCoreSetup } from './mel-core';
import { createWasmCore, isForWasm } from './wasm-core';

/** Frames of a call from which compiling and a memory pay. */
const LEAST_FRAMES = 32;

/** The fastest core that there can be. It compiles once, where it is first worth it. */
export function chooseMelCore(setup: MelCoreSetup): MelCore {
  const typescriptCore = createTypescriptCore(setup);
  if (!isForWasm(setup)) return typescriptCore;
  let wasm: { core: MelCore | undefined } | undefined;
  return (padded, nFrames, out) => {
    if (nFrames >= LEAST_FRAMES) wasm ??= { core: createWherePossible(setup) };
    const core = wasm?.core ?? typescriptCore;
    core(padded, nFrames, out);
  };
}

/** Undefined in an engine without SIMD, under a content security policy without WebAssembly, and without address space. */
function createWherePossible(setup: MelCoreSetup): MelCore | undefined {
  try {
    return createWasmCore(setup);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
