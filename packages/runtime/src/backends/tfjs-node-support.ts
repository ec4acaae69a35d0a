import { BackendError } from '../errors';

/** The first major version of Node without `util.isNullOrUndefined`, which tfjs-node 4.22, its last release, calls. */
const FIRST_UNSUPPORTED_NODE = 23;

/**
 * tfjs-node loads in Node 23 and later too, and fails in the middle of a training or an inference.
 *
 * @param nodeVersion such as '22.1.0'
 * @throws BackendError where this version of Node cannot run tfjs-node
 */
export function checkTfjsNodeSupport(caller: string, nodeVersion = runningNodeVersion()): void {
  if (nodeVersion === undefined || Number.parseInt(nodeVersion, 10) < FIRST_UNSUPPORTED_NODE) return;
  throw new BackendError(
    `serial-oe.${caller}: @tensorflow/tfjs-node must run on Node 22 or earlier, got Node ${nodeVersion}. ` +
      'Switch by "nvm install 22", or use the backend wasm, which runs on every Node from 20 on.',
  );
}

function runningNodeVersion(): string | undefined {
  return globalThis.process?.versions?.node;
}
