import { checkOneOf } from '@serial-oe/foundation';
import { importRuntime } from '#import-runtime';
import { ONNX_RUNTIME_NAMES, type OnnxRuntimeName } from './runtime-names';

/** A tensor of a runtime, as far as it is used here. */
export interface OnnxTensor {
  readonly dims: readonly number[];
  readonly data: unknown;
}

/** A session of a runtime, as far as it is used here. */
export interface OnnxSession {
  readonly inputMetadata: readonly OnnxValueMetadata[];
  readonly outputMetadata: readonly OnnxValueMetadata[];
  run(feeds: Record<string, OnnxTensor>): Promise<Readonly<Record<string, OnnxTensor>>>;
  release(): Promise<void>;
}

/** What a runtime says about an input or an output. */
export interface OnnxValueMetadata {
  readonly name: string;
  /** Lengths; a name where the length may differ from run to run. Tensors alone have it. */
  readonly shape?: readonly (number | string)[];
}

/** onnxruntime-node or onnxruntime-web, as far as it is used here; `import * as ort` gives one. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(bytes: Uint8Array, options: OnnxSessionOptions): Promise<OnnxSession>;
  };
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => OnnxTensor;
  readonly env: { readonly wasm: { numThreads?: number | undefined }; readonly versions: { web?: string } };
}

interface OnnxSessionOptions {
  intraOpNumThreads?: number;
  interOpNumThreads?: number;
}

/** A runtime that is not installed, or does not load here; the message says what mends it. */
export class OnnxRuntimeError extends Error {
  override readonly name: string = 'OnnxRuntimeError';
}

/**
 * Loads a runtime that the user has installed; in Node alone, since a browser knows no packages by their names.
 *
 * @throws OnnxRuntimeError with the command that installs it, or in a browser with the import that gives it; RangeError for
 *   another name
 * @example
 * const runtime = await loadOnnxRuntime('onnxruntime-node');
 */
export async function loadOnnxRuntime(name: OnnxRuntimeName): Promise<OnnxRuntime> {
  checkOneOf('onnx.loadOnnxRuntime: name', name, ONNX_RUNTIME_NAMES);
  const refuse = (cause: Error, remedy?: string): never => {
    throw new OnnxRuntimeError(whyNotLoaded(name, cause, remedy), { cause });
  };
  const module = (await importRuntime(name, refuse)) as OnnxRuntime & { default?: OnnxRuntime };
  // A CommonJS module is the default export where Node cannot tell its names.
  return module.InferenceSession === undefined && module.default !== undefined ? module.default : module;
}

function whyNotLoaded(name: OnnxRuntimeName, cause: NodeJS.ErrnoException, remedy?: string): string {
  const { code = '', message } = cause;
  if (remedy !== undefined) {
    return `onnx.loadOnnxRuntime: ${name} cannot be loaded by its name here: ${message} ${remedy}`;
  }
  if (['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(code) && message.includes(`'${name}'`)) {
    return `onnx.loadOnnxRuntime: ${name} must be installed, got none. Run "npm install ${name}".`;
  }
  return `onnx.loadOnnxRuntime: ${name} is installed but cannot be loaded: ${message}`;
}
