/** Means over one epoch, in nats; a term that takes no part is null. */
export interface EpochSummary {
  /** From 0. */
  epoch: number;
  loss: number;
  typeLoss: number | null;
  idLoss: number | null;
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

/** What `onProgress` receives, told apart by `kind`. */
export type TrainingProgress =
  | { kind: 'reading'; nDone: number; nTotal: number }
  | { kind: 'warning'; message: string }
  | {
      /** How the samples of a step pass through the network; told once, before the first step. */
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
  | { kind: 'resumed'; path: string; epoch: number; stepInEpoch: number }
  | {
      kind: 'step';
      /** From 0. */
      epoch: number;
      nEpochs: number;
      /** Updates done in the whole run. */
      nDone: number;
      nTotal: number;
      loss: number;
      typeLoss: number | null;
      idLoss: number | null;
      /** Of this update. */
      learningRate: number;
      /** Training clips a second, over the last updates. */
      clipsPerSecond: number;
      /** Of the training; what follows it takes seconds to minutes more. */
      secondsLeft: number;
    }
  | ({ kind: 'epoch'; nEpochs: number } & EpochSummary)
  | { kind: 'checkpoint'; path: string }
  | { kind: 'embedding'; nDone: number; nTotal: number }
  | { kind: 'detector'; machineId: string; converged: boolean; nIter: number; threshold: number };
