/** The packages that can run the file. */
export const ONNX_RUNTIME_NAMES = ['onnxruntime-node', 'onnxruntime-web'] as const;
export type OnnxRuntimeName = (typeof ONNX_RUNTIME_NAMES)[number];

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
 * Loads a runtime that the user has installed.
 *
 * @throws OnnxRuntimeError with the command that installs it; RangeError for another name
 * @example
 * const runtime = await loadOnnxRuntime('onnxruntime-node');
 */
export async function loadOnnxRuntime(name: OnnxRuntimeName): Promise<OnnxRuntime> {
  if (!ONNX_RUNTIME_NAMES.includes(name)) {
    throw new RangeError(
      `onnx.loadOnnxRuntime: name must be one of ${ONNX_RUNTIME_NAMES.join(', ')}, got ${JSON.stringify(name)}.`,
    );
  }
  let module: OnnxRuntime & { default?: OnnxRuntime };
  try {
    module = await import(name); // by a variable, so that bundlers leave out what need not be installed
  } catch (cause) {
    throw new OnnxRuntimeError(whyNotLoaded(name, cause as NodeJS.ErrnoException), { cause });
  }
  // A CommonJS module is the default export where Node cannot tell its names.
  return module.InferenceSession === undefined && module.default !== undefined ? module.default : module;
}

function whyNotLoaded(name: OnnxRuntimeName, { code, message }: NodeJS.ErrnoException): string {
  const isMissing = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(code ?? '');
  if (isMissing && message.includes(`'${name}'`)) {
    return `onnx.loadOnnxRuntime: ${name} must be installed, got none. Run "npm install ${name}".`;
  }
  if (code === undefined && typeof process === 'undefined') {
    return (
      `onnx.loadOnnxRuntime: ${name} cannot be loaded by its name here: ${message}. ` +
      "In a browser import it and pass it: import * as runtime from 'onnxruntime-web'."
    );
  }
  return `onnx.loadOnnxRuntime: ${name} is installed but cannot be loaded: ${message}`;
}
