/** What can be wrong with a data set. */
export type DatasetProblemKind =
  /** Files or folders that were left out, or taken for something that they do not say. */
  | 'layout'
  /** No recording of a kind that is read, truncated, a header that lies, a decoder that is missing, or no file. */
  | 'unreadable'
  /** NaN or infinity among the samples. */
  | 'notFinite'
  /** Every sample the same: silence, a dead microphone, or a recording stuck at full scale. */
  | 'constant'
  /** Nothing but the last steps of the converter. */
  | 'ditherOnly'
  /** Channels that cancel where they are averaged. */
  | 'cancelling'
  /** Samples that no microphone gives. */
  | 'absurdSample'
  /** Floating-point samples on the scale of integers. */
  | 'integerScale'
  /** Many samples at full scale, or at a flat top below it. */
  | 'clipped'
  /** A channel without sound beside one with it. */
  | 'deadChannel'
  /** Without sound for a fifth of the time or more. */
  | 'partlyDead'
  /** The middle of the samples lies far from 0. */
  | 'offset'
  /** Much quieter or louder than the machine's other clips. */
  | 'quiet'
  | 'loud'
  /** Read although something is wrong with the file, such as a length that its writer did not know. */
  | 'repaired'
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
