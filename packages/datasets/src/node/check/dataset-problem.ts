/** What can be wrong with a data set. */
export type DatasetProblemKind =
  /** Files or folders that were left out, or taken for something that they do not say. */
  | 'layout'
  /** Not a WAV file, truncated, a header that lies, a codec that is not read, or no file. */
  | 'unreadable'
  /** NaN or infinity among the samples. */
  | 'notFinite'
  /** Every sample the same: silence, a dead microphone, or a recording stuck at full scale. */
  | 'constant'
  /** Many samples at full scale. */
  | 'clipped'
  /** Shorter than a chunk. */
  | 'tooShort'
  /** Another sample rate, number of channels or length than the others. */
  | 'sampleRate'
  | 'channels'
  | 'length'
  /** The same audio in train and in test. */
  | 'leak'
  /** The same audio with another label, or as another machine. */
  | 'contradiction'
  /** The same audio twice. */
  | 'duplicate'
  /** Anomalies in the training split. */
  | 'trainAnomaly'
  /** Machine types or IDs of DCASE2020 that are not there, and IDs that it does not have. */
  | 'missingType'
  | 'missingMachine'
  | 'unexpectedMachine'
  /** Too few clips for something; `prevents` says for what. */
  | 'noTraining'
  | 'noTest'
  | 'noAnomalies'
  | 'noNormals'
  | 'fewAnomalies'
  | 'singleId'
  | 'singleType';

/** One product of a machine type. */
export interface Machine {
  machineType: string;
  machineId: string;
}

/** One thing that is wrong, with all files that have it. */
export interface DatasetProblem {
  /** An error must be repaired; with a warning one can work, knowing of it. */
  severity: 'error' | 'warning';
  kind: DatasetProblemKind;
  /** A sentence or two, without the paths. */
  message: string;
  /** The machines concerned, where it is not about files. */
  machines?: Machine[];
  /** The files concerned. */
  paths: string[];
  /** For `leak`, `contradiction` and `duplicate`: which files hold the same audio. */
  groups?: string[][];
  /** What cannot be done: `training`, `AUC`, or names of experiments such as `id-loss`. */
  prevents?: string[];
}
