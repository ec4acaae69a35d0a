import { ONNX_RUNTIME_NAMES, type OnnxRuntime, type OnnxRuntimeName } from '../src/index';

const { nativeRuntimes } = globalThis as typeof globalThis & {
  nativeRuntimes: Partial<Record<OnnxRuntimeName, OnnxRuntime>>; // see environment/native-runtimes.cjs
};

/** The runtimes that are installed. onnxruntime-web always is; onnxruntime-node is not there for every platform. */
export const INSTALLED = ONNX_RUNTIME_NAMES.filter((name) => {
  const isInstalled = name in nativeRuntimes;
  if (!isInstalled && name === 'onnxruntime-web')
    throw new Error('onnxruntime-web must be installed. Run "npm ci".');
  if (!isInstalled) process.stderr.write(`SKIPPED: ${name} is not installed\n`);
  return isInstalled;
});
