/** Files on disk are missing or are not what they should be; the message names the path. */
export class DatasetError extends Error {
  override readonly name: string = 'DatasetError';
}

/** The same clip stands in the training and in the test set. */
export class DataLeakError extends Error {
  override readonly name: string = 'DataLeakError';
  /** The paths found on both sides, in the order of the test clips. */
  readonly paths: readonly string[];

  constructor(message: string, paths: readonly string[]) {
    super(message);
    this.paths = paths;
  }
}

/** A machine ID has too few anomalous test clips for the pool that is to be held out. */
export class NotEnoughAnomaliesError extends RangeError {
  override readonly name: string = 'NotEnoughAnomaliesError';
  readonly machineType: string;
  readonly machineId: string;
  readonly nAnomalies: number;

  constructor(message: string, found: { machineType: string; machineId: string; nAnomalies: number }) {
    super(message);
    this.machineType = found.machineType;
    this.machineId = found.machineId;
    this.nAnomalies = found.nAnomalies;
  }
}
