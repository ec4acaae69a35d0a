import { checkNumber, checkOptions, FINITE, type OptionNames } from '@serial-oe/foundation';

/** What is known of one normal clip. */
export interface DriftSample {
  score: number;
  /** Of the whole clip, in dB of any reference. */
  levelDb?: number | undefined;
  /** `[nBands]`, at least two, in dB: any bands, always the same. */
  bandLevelsDb?: ArrayLike<number> | undefined;
}

/** Quantities, and `spectrum` as one a band. */
export interface DriftValues {
  score: number;
  level: number | undefined;
  /** `[nBands]`, relative to the mean of the clip's bands: a clip that is louder all over has the same spectrum. */
  spectrum: number[] | undefined;
}

const SAMPLE: OptionNames<DriftSample> = { score: true, levelDb: true, bandLevelsDb: true };
const MIN_BANDS = 2;

/** @throws RangeError for a value that is not finite or a single band, TypeError for another kind */
export function driftValues(where: string, sample: DriftSample): DriftValues {
  checkOptions(where, sample, SAMPLE);
  const { score, levelDb, bandLevelsDb } = sample;
  return {
    score: checkNumber(`${where}: score`, score, FINITE),
    level: levelDb === undefined ? undefined : checkNumber(`${where}: levelDb`, levelDb, FINITE),
    spectrum: bandLevelsDb === undefined ? undefined : relativeBands(`${where}: bandLevelsDb`, bandLevelsDb),
  };
}

function relativeBands(where: string, bandLevelsDb: ArrayLike<number>): number[] {
  const n = bandLevelsDb?.length ?? 0;
  if (!(n >= MIN_BANDS)) {
    throw new RangeError(
      `${where} must hold at least ${MIN_BANDS} bands, got ${n}. Leave it out, or give more.`,
    );
  }
  const levels = Array.from(bandLevelsDb, (level, i) => checkNumber(`${where}[${i}]`, level, FINITE));
  const mean = levels.reduce((sum, level) => sum + level / levels.length, 0);
  return levels.map((level) => level - mean);
}
