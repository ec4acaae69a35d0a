/** What a recording shows: a machine as it should be, or one with a fault. */
export type Label = 'normal' | 'anomaly';

/** Which half of the data set a recording belongs to. DCASE2020 trains on normal clips alone. */
export type Split = 'train' | 'test';

/** One recording. Clips on disk carry `path` alone; clips in memory carry `waveform` and `sampleRate` too. */
export interface Clip {
  /** Where the file is, or would be; it identifies the clip within a data set. */
  path: string;
  /** Such as `fan`. */
  machineType: string;
  /** Such as `00`: one product of that type, with a detector of its own. */
  machineId: string;
  label: Label;
  split: Split;
  /** DCASE 2021 and later: before (`source`) or after (`target`) something about the machine or the place changed. */
  domain?: 'source' | 'target';
  /** What DCASE's file names say beside: `strength_1_ambient`. */
  attributes?: string;
  /** Of MIMII's copies at several signal-to-noise ratios, which one; dB. */
  snrDb?: number;
  /** Mono samples, full scale = 1, `[nSamples]`. */
  waveform?: Float32Array;
  /** Hz. */
  sampleRate?: number;
}

/** A list of clips, with what a reader of it should know. */
export interface Dataset {
  clips: Clip[];
  name?: string;
  /** What it was read as, in words: `plain folders`, `MIMII as its archives unpack`. */
  readAs?: string;
  /** What was odd but not fatal: files left out, names not understood. One sentence each. */
  warnings?: string[];
}
