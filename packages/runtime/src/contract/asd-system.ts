import type { Clip } from '@serial-oe/datasets';
import type { ClipScore, ClipToScore, ScoreOptions } from './clip-score';
import type { Embeddings, Spectrograms } from './embeddings';
import type { Platform } from './platform';
import type { TrainingProgress } from './training-progress';

/** `Target.machineType` of a training that covers several types. */
export const ALL_MACHINE_TYPES = 'all';

/** What one training is for. */
export interface Target {
  /** The type to watch, such as `fan`; {@link ALL_MACHINE_TYPES} for a system of the scope `dataset`. */
  machineType: string;
  /** Of {@link ALL_MACHINE_TYPES} those that are watched, while the others serve as further classes; default all that there are. */
  machineTypes?: readonly string[] | undefined;
  /** The one machine, for a system of the scope `machineId`. */
  machineId?: string | undefined;
}

/**
 * A detection system: something that trains on clips and then scores waveforms. Experiments, scoring threads, monitors and
 * explanations know nothing else of it.
 */
export interface AsdSystem<Config extends object = object> {
  /** As in `serial-oe`, `mel-statistics`, `scadacos`. */
  readonly name: string;
  /** What one training covers: one machine, all machines of a type, or all types at once. */
  readonly scope: 'machineId' | 'machineType' | 'dataset';
  /**
   * The whole configuration, checked; plain JSON. Resolving what came out of it changes nothing.
   * @param preset undefined for the system's default
   * @param overrides any fields of the configuration; each system has a field `seed`, which decides everything that is random
   * @throws RangeError or TypeError naming the field
   */
  resolveConfig(preset: string | undefined, overrides: object): Config;
  /**
   * The configuration by which a model that was trained by `config` is tuned further, with `startFrom` its files. A system without it
   * cannot be tuned: it is trained anew, with all recordings.
   * @throws as `resolveConfig`
   */
  finetuneConfig?(config: Config, overrides: object): Config;
  /** Updates of the network in a whole training; 0 for a system without one. */
  countUpdates(config: Config, clips: readonly Clip[], target: Target): number;
  /**
   * The clips that detectors behind the embeddings are fitted on, where they are not the normal training clips of the target:
   * clips that were held out, for example.
   */
  detectorClips?(config: Config, clips: readonly Clip[], target: Target): readonly Clip[];
  /**
   * A checksum of all that decides the model that `train` makes of the job, without training: `provenance.fingerprint` of the scorer
   * says the same. It tells whether a training is finished already.
   * @throws as `train` for options and data
   */
  fingerprint?(job: TrainingJob<Config>, platform: Platform): Promise<string>;
  /** Trains, from the start or from a checkpoint. The caller disposes the scorer. */
  train(job: TrainingJob<Config>, platform: Platform): Promise<ClipScorer>;
  /** The scorer that `toFiles` of one gave. */
  load(files: ReadonlyMap<string, Uint8Array>, platform: Platform): Promise<ClipScorer>;
}

/** One training. */
export interface TrainingJob<Config extends object = object> {
  /** Clips of the target and of others; those of the split `train` are used. */
  clips: readonly Clip[];
  /** Of the data set, for the model's provenance. */
  datasetName?: string | undefined;
  target: Target;
  config: Config;
  /** Test clips of the target that were put aside for training, known as anomalies or hidden; for the model's provenance. */
  heldOutClips?: readonly Clip[] | undefined;
  /** Pretrained weights, or the model that is tuned further; by file name. */
  startFrom?: ReadonlyMap<string, Uint8Array> | undefined;
  /** Where the state of an unfinished training is kept; null for nowhere. */
  checkpoint: TrainingCheckpoint | null;
  onProgress(event: TrainingProgress): void;
  signal?: AbortSignal | undefined;
}

/** Where and how often a training saves its state. */
export interface TrainingCheckpoint {
  folder: string;
  /** Goes on from the checkpoint that is there, if there is one; false: one that is there is an error. */
  resume: boolean;
  /** Also at the end of every so many epochs, beside the system's own rhythm. */
  everyEpochs?: number | undefined;
}

/** What a normal training clip scored by a fit that had not seen it. */
export interface NormalScore {
  /** Of the clip. */
  path: string;
  machineId: string;
  anomalyScore: number;
}

/** Above which score a machine's clips are anomalous, and what that was set on. */
export interface MachineThreshold {
  threshold: number;
  calibration: {
    /** How the scores came about that it was set on, such as 'crossFit'. */
    method: string;
    nClips: number;
    falseAlarmRate: number;
  };
}

/** A normal recording of a machine. */
export interface NormalRecording {
  /** Names it; a date in it tells its day. */
  path: string;
  /** Mono samples, full scale = 1. */
  waveform: Float32Array;
  /** Hz. */
  sampleRate: number;
}

/** How a scorer's files are made. */
export interface ToFilesOptions {
  /**
   * How they hold the weights of a network, where there is one. Default: as they were loaded, float32 after a training. 'float16' is half
   * the size and changes scores a little; all arithmetic stays float32.
   */
  weights?: 'float32' | 'float16' | undefined;
}

/** What a training makes: it scores waveforms. */
export interface ClipScorer {
  /** The type that was trained; undefined where a training covers several, whose machines are called `type/ID`. */
  readonly machineType?: string | undefined;
  /** Machines that it knows. */
  readonly machineIds: readonly string[];
  /**
   * Rate that it works at, Hz; the shortest sound that it can score, seconds; and where it knows it, how long the clips are that it was
   * trained on, which is what its thresholds are for.
   */
  readonly input: { sampleRate: number; chunkSeconds: number; clipSeconds?: number | undefined };
  /** What it was trained by, as `resolveConfig` gave it. */
  readonly config?: object | undefined;
  /** Of each machine that it knows. */
  readonly thresholds?: ReadonlyMap<string, MachineThreshold> | undefined;
  /** Standard deviation of the samples of the target's normal training clips, full scale = 1: how loud they were. */
  readonly trainingLevel?: number | undefined;
  /**
   * Facts of the training that a record should keep, plain JSON: backend, numbers of clips, losses. `fingerprint` is what the system's
   * own says of the job, and `heldOutClips` names the test clips that were put aside (`clipKey`).
   */
  readonly provenance?: Readonly<Record<string, unknown>> | undefined;
  /**
   * Of a scorer that was just trained: held-out or cross-fitted scores of the normal clips of the target, by which thresholds are
   * set and scores of several systems are made comparable. One that was loaded has none.
   */
  readonly normalScores?: readonly NormalScore[] | undefined;
  /**
   * @param waveform mono samples, full scale = 1
   * @throws UnknownMachineIdError; RangeError or TypeError for a waveform that cannot be scored
   */
  score(waveform: Float32Array, options: ScoreOptions): Promise<ClipScore>;
  /**
   * Scores several clips, in their order, in less time than one after the other where clips are short. The scores are those of `score`:
   * bit for bit on the kernels for WASM and on the cpu backend, to rounding (1e-6 of the score) on ONNX runtimes and GPUs.
   * @throws for the first clip that cannot be scored what `score` throws, before any is scored; `scoreEach` scores the others
   */
  scoreMany?(clips: readonly ClipToScore[]): Promise<ClipScore[]>;
  /**
   * The scorer with a machine more, of which it learns without training; its `normalScores` are those of that machine. One of the same
   * ID is replaced. The scorer itself is of no use afterwards.
   * @param recordings normal ones, at least four
   * @throws TrainingDataError for recordings that cannot carry a detector
   */
  withMachine?(machineId: string, recordings: readonly NormalRecording[]): Promise<ClipScorer>;
  /** One embedding a chunk. */
  embed?(waveform: Float32Array, options: { sampleRate: number }): Promise<Embeddings>;
  /** Scores spectrograms of the clip's chunks, for occlusion maps. */
  scoreSpectrograms?(spectrograms: Spectrograms, machineId?: string): Promise<ClipScore>;
  /** Everything that `load` needs, by file name. @throws RangeError for a weight that float16 cannot hold */
  toFiles(options?: ToFilesOptions): Promise<Map<string, Uint8Array>>;
  dispose(): void;
}
