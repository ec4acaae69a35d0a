/**
 * Means over one epoch. `Terms` are what a system's loss is made of, such as `{ typeLoss: number | null }`; null where one
 * takes no part.
 */
export type EpochSummary<Terms extends object = object> = EpochFacts & Terms;

interface EpochFacts {
  /** From 0. */
  epoch: number;
  loss: number;
  /** Loss on the held-out clips; null where it was not measured. */
  validationLoss: number | null;
  /** Learning rate of the epoch's last update. */
  learningRate: number;
  /** Live tensors after the epoch, summed over the threads that train. */
  nTensors: number;
  /** Bytes in these tensors. */
  tensorBytes: number;
  /**
   * Size of the WASM heap in bytes, which never shrinks: the peak so far. With several threads, the largest; null on
   * other backends.
   */
  heapBytes: number | null;
  /** Resident memory of the process, bytes; null in a browser. */
  rssBytes: number | null;
}

/** One update of the network. */
interface StepFacts {
  kind: 'step';
  /** From 0. */
  epoch: number;
  nEpochs: number;
  /** Updates done in the whole run. */
  nDone: number;
  nTotal: number;
  loss: number;
  /** Of this update. */
  learningRate: number;
  /** Training clips a second, over the last updates. */
  clipsPerSecond: number;
  /** Of the training; what follows it takes seconds to minutes more. */
  secondsLeft: number;
}

/** How the samples of a step pass through the network; told once, before the first step. */
interface MemoryPlanFacts {
  kind: 'memoryPlan';
  /** Samples that pass at once, on each training thread; BatchNorm in training uses their statistics. */
  microBatchSize: number;
  /** Micro-batches of a step, on each training thread. */
  nMicroBatches: number;
  /** Estimated peak of the WASM heap, bytes a thread; null on other backends. */
  heapBytes: number | null;
  /** In words; null where whole batches (or threads' shares) pass at once within the heap. */
  message: string | null;
}

/** What `onProgress` of a training receives, told apart by `kind`. A system leaves out what it has not. */
export type TrainingProgress<Terms extends object = object> =
  | { kind: 'reading'; nDone: number; nTotal: number }
  | { kind: 'warning'; message: string }
  | MemoryPlanFacts
  | { kind: 'resumed'; path: string; epoch: number; stepInEpoch: number }
  | (StepFacts & Terms)
  | ({ kind: 'epoch'; nEpochs: number } & EpochSummary<Terms>)
  | { kind: 'checkpoint'; path: string }
  | { kind: 'embedding'; nDone: number; nTotal: number }
  | { kind: 'detector'; machineId: string; converged: boolean; nIter: number; threshold: number };
