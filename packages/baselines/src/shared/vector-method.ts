import type { MelSpectrogramResult } from '@serial-oe/audio-features';
import type { DetectorMakers, DetectorSpec } from '@serial-oe/detectors';
import type { FrontEndConfig } from './log-mel';

/** What every configuration of a method on clip vectors has. */
export interface VectorConfig {
  seed: number;
  frontEnd: FrontEndConfig;
  decision: { falseAlarmRate: number };
}

/** How the vector is made, where a method has several ways; plain JSON. */
export type Choice = Readonly<Record<string, number>>;

/** A method that makes one vector of a clip's log-mel spectrogram, and asks how far it lies from those of normal clips. */
export interface VectorMethod<Config extends VectorConfig> {
  readonly name: string;
  /** @throws RangeError or TypeError naming the field */
  resolveConfig(overrides: object): Config;
  /** Ways to make the vector; where there are several, training chooses by normal clips alone. */
  choices(config: Config): readonly Choice[];
  /** The vectors of a clip, one a choice. */
  describe(spectrogram: MelSpectrogramResult, config: Config, choices: readonly Choice[]): Float64Array[];
  /** The detector of a machine. */
  detector(config: Config): DetectorSpec;
  /**
   * Makes the mixtures, where the detector is one.
   * @param variance mean variance of the entries of the vectors that it will be fitted on
   */
  makers(config: Config, context: { variance: number; random: () => number }): DetectorMakers;
  /** The anomaly score of a clip, out of what the detector's `scoreSamples` gives (higher is more normal). */
  toAnomalyScore(scoreSample: number): number;
}
