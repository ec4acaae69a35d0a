import type { Matrix } from '@serial-oe/foundation';
import type { CreateGaussianCore, GaussianCore } from './gaussian-core';
import { compileKernels } from './kernel-module';
import type { CovarianceType } from './parameters';
import { createTypescriptCore } from './typescript-core';
import { createWasmCore } from './wasm-core';

/**
 * What runs the loops over the covariances of `'full'` and `'tied'`: `'wasm'` SIMD in WebAssembly, `'typescript'` plain
 * JavaScript, `'auto'` the former where it is available and gains. Results are equal bit for bit.
 */
export type CoreChoice = 'auto' | 'wasm' | 'typescript';

export const CORE_CHOICES: readonly CoreChoice[] = ['auto', 'wasm', 'typescript'];

/** Multiplications of one pass, nRows nCols^2, from which compiling pays in `'auto'`. */
const LEAST_WORK = 2 ** 19;

/**
 * The way to make cores of a mixture. It compiles once: for `'wasm'` at once, for `'auto'` where it is first needed.
 *
 * @throws RangeError where `'wasm'` is asked for and the engine or the page's policy does not allow it.
 */
export function coreFactory(
  where: string,
  covarianceType: CovarianceType,
  choice: CoreChoice,
): CreateGaussianCore {
  const hasMatrices = covarianceType === 'full' || covarianceType === 'tied';
  if (choice === 'typescript' || !hasMatrices) return createTypescriptCore;
  if (choice === 'auto') return automaticCores();
  const module = requireKernels(where);
  return (x) => createWasmCore(x, module);
}

function requireKernels(where: string): WebAssembly.Module {
  const module = compileKernels();
  if (module !== undefined) return module;
  throw new RangeError(
    `${where}: core must be 'auto' or 'typescript' where WebAssembly SIMD is missing or forbidden, got 'wasm'. ` +
      "Use 'auto', which gives the same numbers.",
  );
}

function automaticCores(): CreateGaussianCore {
  let kernels: { module: WebAssembly.Module | undefined } | undefined;
  return (x) => {
    if (x.nRows * x.nCols * x.nCols < LEAST_WORK) return createTypescriptCore(x);
    kernels ??= { module: compileKernels() };
    return kernels.module ? createWhereMemoryAllows(x, kernels.module) : createTypescriptCore(x);
  };
}

/** Each memory reserves address space, which may be limited. */
function createWhereMemoryAllows(x: Matrix, module: WebAssembly.Module): GaussianCore {
  try {
    return createWasmCore(x, module);
  } catch (error) {
    if (error instanceof RangeError) return createTypescriptCore(x);
    throw error;
  }
}
