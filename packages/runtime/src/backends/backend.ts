import type { ExtractorOps } from '@serial-oe/efficientnet-extractor';
import type { AdamWUpdateKernel } from '@serial-oe/optimizers';
import {
  createWasmAdamWUpdate,
  createWasmOps,
  type SimdLevel,
  WasmSimdMissingError,
} from '@serial-oe/wasm-kernels';
import { findBackendFactory, getBackend, ready, setBackend } from '@tensorflow/tfjs-core';
import { BackendError } from '../errors';
import { checkTfjsNodeSupport } from './tfjs-node-support';
import { type WasmAnswer, watchWasmFile } from './watch-wasm-file';

/**
 * Makes the tfjs backend of that name (`wasm`, `cpu`, `webgpu`, `tensorflow`) the active one; without a name, checks that one
 * is active. Nothing is imported here: the consumer chooses the backend by importing it.
 * @param caller opens the messages
 * @throws BackendError saying what to install and import, or which Node the backend needs
 */
export async function useBackend(
  name?: string | undefined,
  { caller = 'useBackend' }: { caller?: string } = {},
): Promise<void> {
  if (name === undefined) {
    if (await activeBackend(caller)) return;
    throw new BackendError(
      `serial-oe.${caller}: a tfjs backend must be registered, got none. Run "npm install @tensorflow/tfjs-backend-wasm" ` +
        "and import '@tensorflow/tfjs-backend-wasm' before the call.",
    );
  }
  if (findBackendFactory(name) === null) {
    throw new BackendError(
      `serial-oe.${caller}: backend must be registered before the call, got '${name}'. ${howToRegister(name)}`,
    );
  }
  checkSupport(caller, name);
  const { result, answer } = await watchWasmFile(() => setBackend(name));
  if (result !== true) {
    checkWasmFile(caller, answer);
    throw new BackendError(
      `serial-oe.${caller}: backend '${name}' is registered but could not start on this machine.`,
    );
  }
}

/**
 * Name of the active backend, once it has started; undefined without any.
 * @throws BackendError where this version of Node cannot run it, or a page was answered something else than the .wasm file
 */
export async function activeBackend(caller: string): Promise<string | undefined> {
  // with no backend registered tfjs throws; the callers say it better
  const { answer } = await watchWasmFile(() => ready().catch(() => {}));
  const name: string | undefined = getBackend() ?? undefined; // null where the active one was removed
  if (name === undefined || name === 'wasm') checkWasmFile(caller, answer); // after a failure tfjs keeps the name
  if (name !== undefined) checkSupport(caller, name);
  return name;
}

/** @throws BackendError with the address and the two lines that mend it, where what came back is no module */
function checkWasmFile(caller: string, answer: WasmAnswer | undefined): void {
  if (answer === undefined || answer.isModule) return;
  throw new BackendError(
    `serial-oe.${caller}: the backend 'wasm' must get its .wasm file from ${answer.address}, got ${answer.description}. ` +
      'Serve the .wasm files of node_modules/@tensorflow/tfjs-backend-wasm/dist, say where before anything else, and load the page anew:\n' +
      "  import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';\n" +
      "  setWasmPaths('/tfjs-backend-wasm/'); // the folder that holds them, with a slash at the end",
  );
}

/** What a backend that is registered may lack to run. */
function checkSupport(caller: string, name: string): void {
  if (name === 'tensorflow') checkTfjsNodeSupport(caller);
}

/**
 * The fastest operations of the extractor for the active backend: SIMD kernels on WASM, where the engine has SIMD; else
 * undefined, for the extractor's own operations in pure tfjs.
 *
 * @param work what they are for, for the message
 * @param onWarning told where WASM has no SIMD
 */
export async function fastestOps(
  work: 'training' | 'scoring',
  onWarning: (message: string) => void,
): Promise<ExtractorOps | undefined> {
  if (getBackend() !== 'wasm') return undefined;
  try {
    return await createWasmOps();
  } catch (error) {
    if (!(error instanceof WasmSimdMissingError)) throw error;
    onWarning(`${work} takes more than twice as long here, for lack of WebAssembly SIMD: ${error.message}`);
    return undefined;
  }
}

/** Names of the operations that `createWasmOps` makes, and the build of the kernels that they use. */
const SIMD_LEVELS: Readonly<Record<string, SimdLevel>> = {
  'wasm-simd': 'simd',
  'wasm-relaxed-simd': 'relaxed-simd',
};

/** The build of the SIMD kernels behind operations of this name; undefined for operations of another kind. */
export function simdLevelOf(operations: string): SimdLevel | undefined {
  return SIMD_LEVELS[operations];
}

/**
 * The AdamW update of the same build as the operations; undefined for the optimizer's own, in tfjs ops. It depends on
 * nothing but the name of the operations, which checkpoints hold: a run that is resumed goes on with the same one.
 */
export async function adamWUpdateFor(operations: string): Promise<AdamWUpdateKernel | undefined> {
  const simdLevel = simdLevelOf(operations);
  return simdLevel && createWasmAdamWUpdate({ simdLevel });
}

const PACKAGES: Readonly<Record<string, string>> = {
  wasm: '@tensorflow/tfjs-backend-wasm',
  cpu: '@tensorflow/tfjs-backend-cpu',
  webgpu: '@tensorflow/tfjs-backend-webgpu',
  webgl: '@tensorflow/tfjs-backend-webgl',
  tensorflow: '@tensorflow/tfjs-node',
};

function howToRegister(name: string): string {
  const module = PACKAGES[name];
  return module === undefined
    ? `Known ones are ${Object.keys(PACKAGES).join(', ')}.`
    : `Run "npm install ${module}" and import '${module}' first.`;
}
