import type { AggregationMethod } from '@serial-oe/aggregator';
import type { CovarianceType } from '@serial-oe/gmm';

/** How waveforms become spectrograms; the fields of `MelSpectrogram`'s options that matter here, plus chunking. */
export interface FrontEndConfig {
  /** Hz; recordings at another rate are resampled. */
  sampleRate: number;
  /** Length of a chunk, seconds. */
  chunkSeconds: number;
  /** Chunks a clip at inference; 'auto' is the paper's ceil(2 L / S) for a clip of L seconds and chunks of S. */
  nChunks: number | 'auto';
  /** Samples. */
  nFft: number;
  /** Samples. */
  winLength: number;
  /** Samples. */
  hopLength: number;
  nMels: number;
  /** Hz. */
  fMin: number;
  /** Hz. */
  fMax: number;
  /** 1 is magnitude, 2 is power. */
  power: number;
  /** Logarithm of the mel bands; null (the paper) for none. */
  log: null | 'natural' | 'log10' | 'dB';
  /** Smallest value that enters the logarithm. */
  logFloor: number;
}

/** The embedding network. */
export interface NetworkConfig {
  embeddingSize: number;
  /** Probability in [0, 1). */
  dropoutRate: number;
}

/** Which ID loss is weighted by alpha. */
export type IdLossName = 'bce' | 'crossEntropy' | 'arcFace' | 'subClusterAdaCos';

/** Eq. 1-4. */
export interface LossConfig {
  /** Weight of L_id; 0 trains without it. */
  alpha: number;
  useTypeLoss: boolean;
  idLoss: IdLossName;
  /**
   * What L_id is averaged over: 'normals' as the paper (C * sum(y)), 'all' samples, or 'reference': normal samples in
   * steps without Mixup and all samples in steps with it, as the published code.
   */
  normalization: 'normals' | 'all' | 'reference';
}

/** Eq. 5-7. */
export interface MixupConfig {
  /** Both shapes of the beta distribution. */
  beta: number;
  /** 'always' as the paper; 'cosine' grows from never to always by half of the training, as the published code. */
  schedule: 'always' | 'cosine' | 'never';
}

/** Samples of each kind in a mini-batch. */
export interface BatchConfig {
  nNormal: number;
  /** Outliers in a batch: other machine types, and known anomalies where there are any. */
  nOutliers: number;
  /** How many of the outliers are known anomalies, where there are any. */
  nAnomalous: number;
  /**
   * Samples that pass through the network at once, on each training thread. A batch above that is cut into equal
   * micro-batches with the same proportion of normal samples; gradients are averaged over them, and BatchNorm normalises
   * each by its own statistics ("ghost batch normalisation"). 'auto': the whole batch, or where that would not fit into the
   * heap of the WASM backend, the largest micro-batches that do.
   */
  microBatchSize: number | 'auto';
  /** The published code's defect: every second batch of an epoch is left out. */
  skipEverySecondGroup: boolean;
}

/** AdamW and OneCycleLR. */
export interface OptimizationConfig {
  nEpochs: number;
  maxLearningRate: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  pctStart: number;
  divFactor: number;
  finalDivFactor: number;
  cycleMomentum: boolean;
}

/**
 * Which epoch's weights become the model: those of the 'last' one, of the one with the lowest validation loss ('best', the
 * earliest of equals), or those at the end of epoch N, counted from 1.
 */
export type EpochSelection = 'last' | 'best' | number;

/** Clips of each machine ID that are kept out of training. */
export interface ValidationConfig {
  /** Share of each ID's normal clips, in [0, 1). */
  fraction: number;
  /** The validation loss is measured after every so many epochs, and after the last. */
  everyEpochs: number;
  selection: EpochSelection;
}

/** One Gaussian mixture a machine ID. */
export interface DetectorConfig {
  nComponents: number;
  covarianceType: CovarianceType;
  regCovar: number;
  tol: number;
  maxIter: number;
  nInit: number;
  /** 'train' fits on the clips that trained the extractor, 'validation' on the clips that were held out. */
  fitOn: 'train' | 'validation';
}

/** From chunk scores to a verdict. */
export interface DecisionConfig {
  aggregation: AggregationMethod;
  /** Share of normal clips that may be called anomalous; sets each ID's threshold. In [0, 1). */
  falseAlarmRate: number;
}

/** Everything that decides the result of a training, with the data and the backend. Plain JSON. */
export interface SerialOeConfig {
  /** The preset that the values started from. */
  preset: PresetName;
  /** Seed of everything that is random. */
  seed: number;
  /** false: no ID loss and one detector for the type (section 4.4 of the paper). */
  useMachineIds: boolean;
  frontEnd: FrontEndConfig;
  network: NetworkConfig;
  loss: LossConfig;
  mixup: MixupConfig;
  batch: BatchConfig;
  optimization: OptimizationConfig;
  validation: ValidationConfig;
  detector: DetectorConfig;
  decision: DecisionConfig;
}

export type PresetName = 'paper' | 'reference' | 'quick';

type Sections =
  | 'frontEnd'
  | 'network'
  | 'loss'
  | 'mixup'
  | 'batch'
  | 'optimization'
  | 'validation'
  | 'detector'
  | 'decision';

/** Changes to a preset: any part of a {@link SerialOeConfig}, or all of one. */
export type SerialOeConfigOverrides = Partial<Pick<SerialOeConfig, 'preset' | 'seed' | 'useMachineIds'>> & {
  [S in Sections]?: Partial<SerialOeConfig[S]>;
};
