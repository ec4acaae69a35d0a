/** The data set cannot train or evaluate this machine type; the message says what is missing. */
export class TrainingDataError extends Error {
  override readonly name: string = 'TrainingDataError';
}

/** The loss was no longer a finite number. The last checkpoint, if there is one, is from before. */
export class TrainingDivergedError extends Error {
  override readonly name: string = 'TrainingDivergedError';
  readonly epoch: number;
  readonly step: number;

  constructor(message: string, { epoch, step }: { epoch: number; step: number }) {
    super(message);
    this.epoch = epoch;
    this.step = step;
  }
}

/** The run was stopped through its AbortSignal; `checkpoint` names the file to resume from, or is null. */
export class TrainingInterruptedError extends Error {
  override readonly name: string = 'TrainingInterruptedError';
  readonly checkpoint: string | null;

  constructor(message: string, checkpoint: string | null) {
    super(message);
    this.checkpoint = checkpoint;
  }
}

/** A thread that trains has died; the run has ended, and the last checkpoint is intact. */
export class TrainingWorkerError extends Error {
  override readonly name: string = 'TrainingWorkerError';
}

/** A thread that scores has died; the scores that came before are good. */
export class ScoringWorkerError extends Error {
  override readonly name: string = 'ScoringWorkerError';
}

/** The memory of the tfjs backend does not suffice for a training step; the run has ended, and the last checkpoint is intact. */
export class TrainingMemoryError extends Error {
  override readonly name: string = 'TrainingMemoryError';
}

/** A checkpoint that cannot be read, or that belongs to another run. */
export class CheckpointError extends Error {
  override readonly name: string = 'CheckpointError';
}

/** What is wrong with a model bundle. */
export type BundleProblem = 'missing' | 'format' | 'version' | 'checksum' | 'weights' | 'manifest';

/** A model bundle that cannot be read or written. */
export class BundleError extends Error {
  override readonly name: string = 'BundleError';
  readonly problem: BundleProblem;

  constructor(problem: BundleProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}

/** The model has no detector for that machine ID. */
export class UnknownMachineIdError extends RangeError {
  override readonly name: string = 'UnknownMachineIdError';
  readonly machineId: string | undefined;
  readonly knownMachineIds: readonly string[];

  constructor(message: string, machineId: string | undefined, knownMachineIds: readonly string[]) {
    super(message);
    this.machineId = machineId;
    this.knownMachineIds = knownMachineIds;
  }
}

/** A tfjs backend that is not installed, not supported here, or without a device; the message says what mends it. */
export class BackendError extends Error {
  override readonly name: string = 'BackendError';
}

/** A file or folder stands where something else is to be written. */
export class FileExistsError extends Error {
  override readonly name: string = 'FileExistsError';
}

/** A file or folder that cannot be read or written; the message says why, and what mends it. */
export class FileAccessError extends Error {
  override readonly name: string = 'FileAccessError';
  readonly path: string;
  /** Of the operating system, such as `ENOSPC`. */
  readonly code: string;

  constructor(message: string, { path, code, cause }: { path: string; code: string; cause?: unknown }) {
    super(message, { cause });
    this.path = path;
    this.code = code;
  }
}

/** Another process works in the folder, or it cannot be written to. */
export class FolderInUseError extends Error {
  override readonly name: string = 'FolderInUseError';
}

/** Work that several jobs make up was stopped through its AbortSignal; what is finished is kept. */
export class JobStoppedError extends Error {
  override readonly name: string = 'JobStoppedError';
}
