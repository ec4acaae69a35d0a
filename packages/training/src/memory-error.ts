import { TrainingMemoryError } from '@serial-oe/runtime';
import { WasmMemoryError, wasmHeapBytes } from '@serial-oe/wasm-kernels';

/** From this size on, a WASM module that stops has most likely asked for more than there is. */
const SUSPECT_HEAP_BYTES = 2 ** 31;

/**
 * The error that says what to do, where a step has failed for want of memory; else the same error.
 *
 * Kernels of wasm-kernels throw a `WasmMemoryError`. tfjs's own do not look at what the allocation gave: the module aborts
 * or writes out of bounds (`WebAssembly.RuntimeError`), and cannot be used any more.
 */
export function explainMemoryError(error: unknown, { nSamples }: { nSamples: number }): unknown {
  const heapBytes = wasmHeapBytes();
  const { name, message } = error as Partial<Error>;
  const hasStopped = name === 'RuntimeError' && heapBytes !== null && heapBytes >= SUSPECT_HEAP_BYTES;
  if (!(error instanceof WasmMemoryError) && !hasStopped) return error;
  const heap =
    heapBytes === null ? '' : ` The WASM heap has ${(heapBytes / 2 ** 30).toFixed(2)} of at most 4 GiB.`;
  return new TrainingMemoryError(
    `training.runTraining: a step with ${nSamples} samples at once must fit in the memory of the WASM backend, but it ran ` +
      `out (${message}).${heap} Set batch.microBatchSize (--micro-batch) below ${nSamples}, or use smaller batches ` +
      '(--batch-size). The last checkpoint, if there is one, is intact.',
    { cause: error },
  );
}
