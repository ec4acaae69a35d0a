/** Recordings of one folder that a model was made of. */
export interface CardData {
  folder: string;
  machineType: string;
  machineIds: string[];
  /** What they were used as. */
  use: 'normal' | 'outliers' | 'known anomalies';
  nClips: number;
  /** SHA-256 of the listing that `sha256sum *` prints of these files; null where they were not read from disk. */
  sha256: string | null;
}

/** The threshold of a machine and what it was set on. */
export interface CardDecision {
  machineId: string;
  threshold: number;
  /** Of normal clips, that was asked for. */
  falseAlarmRate: number;
  nClips: number;
  /** Days or sessions that the clips are from; null where their names tell none. */
  nSessions: number | null;
  /** Whether the rate is smaller than so few clips can tell; null where it is not known. */
  extrapolated: boolean | null;
}

/** A rate behind the counts, with 95 % confidence. */
export interface CardInterval {
  lower: number;
  upper: number;
}

/** How the model did on test clips of a machine. Null is what so few clips cannot tell. */
export interface CardMachineResults {
  machineId: string;
  nNormal: number;
  nAnomalous: number;
  auc: number | null;
  aucInterval: CardInterval | null;
  pAuc: number | null;
  nFound: number;
  nFalseAlarms: number;
  falseAlarmInterval: CardInterval | null;
}

/** An evaluation of the model. */
export interface CardResults {
  /** ISO 8601, UTC. */
  measuredAt: string;
  /** Name of the data set. */
  data: string;
  machines: CardMachineResults[];
  /** Whether thresholds were set anew since, so that what was found is not what would be found now. */
  isOutdated: boolean;
}

/** What float16 did to the scores of the clips. */
export interface ScoreChange {
  nClips: number;
  /** Of the severity's size; null where the model tells no severity. */
  medianSeverity: number | null;
  largestSeverity: number | null;
  medianScore: number;
  largestScore: number;
  /** Clips that are called otherwise. */
  nTurned: number;
}

/** What whoever gets a model should know of it. */
export interface ModelCard {
  model: {
    system: string;
    /** Of an ensemble; else the system itself. */
    members: string[];
    machineType: string;
    machineIds: string[];
    /** ISO 8601, UTC. */
    trainedAt: string;
    /** Name and version of what trained it. */
    software: string;
  };
  data: {
    name: string;
    /** Null where nobody told it. */
    licence: string | null;
    folders: CardData[];
  };
  intendedUse: string;
  /** A sentence each. */
  limits: string[];
  decisions: CardDecision[];
  /** Null for a model that was not evaluated. */
  results: CardResults | null;
  weights: {
    /** Null for a model without a network. */
    type: 'float32' | 'float16' | null;
    /** Null for float32. */
    change: ScoreChange | null;
  };
}
