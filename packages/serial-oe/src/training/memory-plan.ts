import { countParameters, layerShapes } from '@serial-oe/efficientnet-extractor';
import { TrainingMemoryError } from '@serial-oe/runtime';
import { MAX_WASM_HEAP_BYTES } from '@serial-oe/wasm-kernels';
import type { SerialOeConfig } from '../config/config';

/** How the samples of a step pass through the network, and what that needs. */
export interface MemoryPlan {
  /** Samples that pass at once, on each training thread. */
  microBatchSize: number;
  /** Micro-batches of a step, on each training thread. 1: the batch (the thread's share of it) passes at once. */
  nMicroBatches: number;
  /** Estimated peak of each thread's WASM heap in bytes; null on backends without one. */
  heapBytes: number | null;
  /** What the estimate must stay within for 'auto'; null on backends without a heap. */
  heapLimitBytes: number | null;
}

export interface MemoryPlanOptions {
  config: SerialOeConfig;
  /** `[nRows, nFrames]` */
  inputShape: readonly [number, number];
  nMachineIds: number;
  /** tfjs backend. */
  backend: string;
  /** Name of the extractor's operations: `tfjs`, `wasm-simd`, `wasm-relaxed-simd`. */
  operations: string;
  /** Training threads. */
  workers: number;
}

/** 'auto' plans for nine tenths of the heap: the rest is for what an estimate cannot know. */
export const HEAP_LIMIT_BYTES = Math.floor(0.9 * MAX_WASM_HEAP_BYTES);
/** 'auto' makes no smaller micro-batches: the statistics of a few samples would be poor ones. */
const MIN_AUTO_MICRO_BATCH = 8;

const FLOAT_BYTES = 4;
/** What tfjs's WASM module starts with. */
const INITIAL_HEAP_BYTES = 2 ** 24;
/** Weights, two moments, gradients, the sum of the micro-batches' gradients, and two passing copies in the update. */
const COPIES_OF_PARAMETERS = 7;
/** The heap grows by a fifth at least, or by 96 MiB (Emscripten's rule). */
const GROWTH = { share: 0.2, maxBytes: 96 * 2 ** 20 };
/**
 * Free memory that the backward pass cannot use, in tensors of the size of the largest one: small tensors that live on
 * (new running statistics, gradients) lie between the large ones that were freed. Measured, with tensors of passage
 * included: pure tfjs has up to five of them at a time, the kernels of wasm-kernels none.
 */
const FRAGMENTATION = { tfjs: 7, wasm: 1.5 };

/**
 * Estimated peak of the WASM heap in a training step, in bytes, from the shapes of the network.
 *
 * The tape keeps, for each sample, what the gradients need. With wasm-kernels that is the output of each convolution and
 * residual sum; everything else is recomputed from those. Pure tfjs keeps the centred input of each BatchNorm, its
 * activated output, and what squeeze-excite makes of it.
 */
export function estimateHeapBytes(
  nSamples: number,
  { config, inputShape, nMachineIds, operations }: Omit<MemoryPlanOptions, 'backend' | 'workers'>,
): number {
  const layers = layerShapes(inputShape).map(({ height, width, nChannels, ...layer }) => ({
    ...layer,
    size: height * width * nChannels,
  }));
  const isTfjs = operations === 'tfjs';
  const nKept = layers.reduce((sum, layer) => sum + layer.size * (isTfjs ? keptByTfjs(layer) : 1), 0);
  const largest = Math.max(...layers.map(({ size }) => size));
  const input = inputShape[0] * inputShape[1];
  const perSample = input + nKept + largest * FRAGMENTATION[isTfjs ? 'tfjs' : 'wasm'];
  const { embeddingSize } = config.network;
  const nParameters = countParameters({ embeddingSize, nMachineIds });
  const nValues = nSamples * perSample + COPIES_OF_PARAMETERS * nParameters;
  const used = INITIAL_HEAP_BYTES + FLOAT_BYTES * nValues;
  return Math.ceil(used + Math.min(GROWTH.share * used, GROWTH.maxBytes));
}

/** Tensors of the size of this layer's output that the tape keeps in pure tfjs. */
function keptByTfjs({ kind, isSummand }: { kind: string; isSummand: boolean }): number {
  switch (kind) {
    case 'stem':
    case 'expand':
      return 2; // centred, activated
    case 'depthwise':
      return 3; // centred, activated, excited
    case 'project':
      return isSummand ? 1 : 2; // centred, and the output unless the sum takes its place
    default:
      return 1; // a sum; the head's centred output
  }
}

/**
 * Decides how many samples pass through the network at once: as the configuration says, or for 'auto' as many as keep
 * the WASM heap within {@link HEAP_LIMIT_BYTES}. Backends without a heap of their own take the whole batch.
 *
 * Micro-batches are equal, and each has the batch's proportion of normal samples and outliers.
 *
 * @throws RangeError where the workers' shares would not be equal, or the batch cannot be cut into micro-batches of the configured size
 * @throws TrainingMemoryError where 'auto' finds no cut that fits
 */
export function planMemory(options: MemoryPlanOptions): MemoryPlan {
  const { config, backend, workers } = options;
  checkShares(config, workers);
  const { nNormal, nOutliers, microBatchSize } = config.batch;
  const shareSize = (nNormal + nOutliers) / workers;
  const cuts = divisors(nNormal / workers).filter((n) => (nOutliers / workers) % n === 0);
  const planFor = (nMicroBatches: number): MemoryPlan => {
    const size = shareSize / nMicroBatches;
    const hasHeap = backend === 'wasm';
    return {
      microBatchSize: size,
      nMicroBatches,
      heapBytes: hasHeap ? estimateHeapBytes(size, options) : null,
      heapLimitBytes: hasHeap ? HEAP_LIMIT_BYTES : null,
    };
  };
  if (microBatchSize !== 'auto') {
    const wanted = Math.min(microBatchSize, shareSize);
    if (cuts.includes(shareSize / wanted)) return planFor(shareSize / wanted);
    throw new RangeError(
      `serial-oe.trainSerialOe: config.batch.microBatchSize must cut ${describeShare(options)} into equal parts with the same ` +
        `proportion of both, got ${microBatchSize}. Possible here: ${cuts.map((n) => shareSize / n).join(', ')}.`,
    );
  }
  const plans = cuts.map(planFor).filter(
    // Without micro-batches there is nothing to choose: small batches are as the user wants them.
    (plan) => plan.nMicroBatches === 1 || plan.microBatchSize >= MIN_AUTO_MICRO_BATCH,
  );
  const plan = plans.find(fitsHeap);
  if (plan !== undefined) return plan;
  throw new TrainingMemoryError(
    `serial-oe.trainSerialOe: a training step must fit in ${gibibytes(HEAP_LIMIT_BYTES)} of the WASM heap, but ` +
      `${describeShare(options)} need about ${gibibytes(estimateHeapBytes(shareSize, options))} at once, and no cut into equal ` +
      `micro-batches of at least ${MIN_AUTO_MICRO_BATCH} samples fits (possible sizes: ${cuts.map((n) => shareSize / n).join(', ')}). ` +
      'Choose batch sizes with common divisors, smaller spectrograms (frontEnd.nMels, a longer frontEnd.hopLength), or set batch.microBatchSize.',
  );
}

/** Whether the estimate stays within the limit. */
export function fitsHeap({ heapBytes, heapLimitBytes }: MemoryPlan): boolean {
  return heapBytes === null || heapLimitBytes === null || heapBytes <= heapLimitBytes;
}

/** The plan in words; null where each batch passes at once and fits, so that there is nothing to tell. */
export function describeMemoryPlan(plan: MemoryPlan, workers: number): string | null {
  const { nMicroBatches, microBatchSize, heapBytes } = plan;
  const threads = workers > 1 ? ' on each thread' : '';
  const heap = heapBytes === null ? '' : `; about ${gibibytes(heapBytes)} of WASM heap`;
  const isTight = !fitsHeap(plan);
  const warning = isTight ? `, more than the ${gibibytes(HEAP_LIMIT_BYTES)} that are planned for` : '';
  if (nMicroBatches > 1) {
    return `${nMicroBatches} micro-batches of ${microBatchSize} a step${threads}: BatchNorm uses the statistics of each${heap}${warning}`;
  }
  return isTight ? `batches of ${microBatchSize} at once${threads}${heap}${warning}` : null;
}

/** @throws RangeError where the workers' shares of a batch would not be equal */
export function checkShares(config: SerialOeConfig, nWorkers: number): void {
  const { nNormal, nOutliers } = config.batch;
  const isEqual = nNormal % nWorkers === 0 && nOutliers % nWorkers === 0 && nNormal / nWorkers >= 1;
  if (isEqual) return;
  throw new RangeError(
    `serial-oe.trainSerialOe: workers must divide batch.nNormal and batch.nOutliers, so that the threads get equal shares, ` +
      `got ${nWorkers} for ${nNormal} + ${nOutliers}. Change the batch size or the number of workers.`,
  );
}

function describeShare({ config, workers }: MemoryPlanOptions): string {
  const { nNormal, nOutliers } = config.batch;
  const share = `${nNormal / workers} normal samples and ${nOutliers / workers} outliers`;
  return workers > 1 ? `${share} (the share of each of ${workers} workers)` : share;
}

function divisors(value: number): number[] {
  return Array.from({ length: value }, (_, i) => i + 1).filter((n) => value % n === 0);
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}
