import { checkOneOf, checkOptions, type OptionNames } from '@serial-oe/foundation';
import { engine, getBackend } from '@tensorflow/tfjs-core';
import { WasmBackendMissingError, WasmSimdMissingError } from '../errors';
import { bindKernels, compileKernels } from './load-kernels';
import { bestSimdLevel, type SimdLevel, supportsSimd } from './simd-support';
import { activeWasmBackend, isSharedMemory, memoryOf, WASM_BACKEND_NAME } from './wasm-backend';
import { WasmRuntime } from './wasm-runtime';

/** Which build of the kernels to load. */
export interface SimdOptions {
  /**
   * By default the faster one that the engine can run, `'relaxed-simd'` if possible. Its results may differ in the last
   * digits between processors; those of `'simd'` do not.
   */
  simdLevel?: SimdLevel;
}

const OPTIONS: OptionNames<SimdOptions> = { simdLevel: true };

/**
 * The kernels on the memory of the active WASM backend.
 *
 * @throws {WasmBackendMissingError} (as a rejection) when `wasm` is not the active backend.
 * @throws {WasmSimdMissingError} (as a rejection) when the engine has no such SIMD, or the backend hides its memory.
 */
export async function createRuntime(
  caller: string,
  options: SimdOptions,
): Promise<{ runtime: WasmRuntime; level: SimdLevel }> {
  checkOptions(`wasm-kernels.${caller}`, options, OPTIONS);
  const { simdLevel } = options;
  if (simdLevel !== undefined) {
    checkOneOf(`wasm-kernels.${caller}: simdLevel`, simdLevel, ['simd', 'relaxed-simd']);
  }
  const level = chooseLevel(caller, simdLevel);
  const backend = activeWasmBackend();
  if (!backend) {
    throw new WasmBackendMissingError(
      `wasm-kernels.${caller}: the active backend must be '${WASM_BACKEND_NAME}', got '${getBackend()}'. ` +
        "Import '@tensorflow/tfjs-backend-wasm' and await tf.setBackend('wasm') before the call.",
    );
  }
  const memory = memoryOf(backend);
  if (!memory) {
    throw new WasmSimdMissingError(
      `wasm-kernels.${caller}: the WASM backend must show its memory, got none. ` +
        'Use version 4 of @tensorflow/tfjs-backend-wasm, or do without: plain tfjs runs everywhere.',
    );
  }
  const kernels = await bindKernels(await compileKernels(level, isSharedMemory(memory)), memory);
  return { runtime: new WasmRuntime(backend, memory, kernels), level };
}

/** @throws {WasmBackendMissingError} when the backend of the runtime is not the active one. */
export function checkActive(runtime: WasmRuntime, caller: string, creator: string): void {
  if (engine().backend === runtime.backend) return;
  throw new WasmBackendMissingError(
    `wasm-kernels.${caller}: the active backend must be the '${WASM_BACKEND_NAME}' backend of ${creator}, ` +
      `got '${getBackend()}'. Set it again, or call ${creator} again if it was removed in between.`,
  );
}

function chooseLevel(caller: string, wanted: SimdLevel | undefined): SimdLevel {
  const level = wanted === undefined ? bestSimdLevel() : supportsSimd(wanted) ? wanted : null;
  if (level) return level;
  throw new WasmSimdMissingError(
    `wasm-kernels.${caller}: the JavaScript engine must support WebAssembly ${wanted ?? 'simd'}, got no support. ` +
      'Do without: plain tfjs (createTfOps of the extractor, say) runs everywhere.',
  );
}
