/** The verdict on one clip. */
export interface ClipScore {
  /** Higher is more anomalous. */
  anomalyScore: number;
  /** The score of each chunk, of which the clip's is made; higher is more anomalous. */
  chunkScores: Float64Array;
  /** Whether the score lies above the threshold. */
  isAnomaly: boolean;
  threshold: number;
  /** 0 to 100 with the threshold at 50, on one scale for all machines and systems; where the normal scores are known. */
  severity?: number | undefined;
  /** Among the machine's own held-out normal scores, in (0, 1); where they are known. */
  percentile?: number | undefined;
  /**
   * How far the sound lies from all normal training sounds, in distances of the farthest of them; for a system that
   * measures it, and undefined for others. A score of a sound far above 1 says little.
   */
  distanceFromTraining?: number | undefined;
  /** Whether that is far above 1, by the system's own limit. */
  isUnlikeTraining?: boolean | undefined;
  /** Of an ensemble: each system's score, in deviations above the mean of the machine's normal clips. */
  members?: Readonly<Record<string, number>> | undefined;
}

/** Which recording is scored. */
export interface ScoreOptions {
  /** Hz, the rate of the waveform; it is resampled where the model's differs. */
  sampleRate: number;
  /** Which machine is heard; may be left out where the model knows only one. */
  machineId?: string | undefined;
  /** Its type; for a system whose training covers all types, of which several may have the same ID. */
  machineType?: string | undefined;
}

/** A recording as `score` takes it, for calls that take several. */
export interface ClipToScore {
  /** Mono samples, full scale = 1. */
  waveform: Float32Array;
  options: ScoreOptions;
}
