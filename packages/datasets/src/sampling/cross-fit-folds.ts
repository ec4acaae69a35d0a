import {
  COUNT,
  checkNumber,
  checkOptions,
  type OptionNames,
  POSITIVE_COUNT,
  show,
} from '@serial-oe/foundation';

export interface CrossFitFoldsOptions {
  /** Folds at most; fewer where there are fewer clips or days. Default 5. */
  nFolds?: number | undefined;
  /** Clips that each fold must leave for the fit without it, for folds of whole days; default 3. */
  minSeen?: number | undefined;
}

const OPTIONS: OptionNames<CrossFitFoldsOptions> = { nFolds: true, minSeen: true };

/**
 * The fold that each clip is left out with, when clips are scored by fits that have not seen them. Where the day or session of every clip
 * is known (`sessionOf`), there are two at least, and enough clips are left, a fold is whole days: clips of one day are more alike than
 * those of two, and thresholds are for days to come. Else the clips are dealt out in turn.
 *
 * @param sessions of each clip, undefined where it is not known
 * @returns `[nClips]`, from 0; every fold has a clip
 * @throws TypeError or RangeError for what is no list, or options outside their range
 */
export function crossFitFolds(
  sessions: readonly (string | undefined)[],
  options: CrossFitFoldsOptions = {},
): number[] {
  const here = 'datasets.crossFitFolds';
  checkOptions(here, options, OPTIONS);
  if (!Array.isArray(sessions))
    throw new TypeError(`${here}: sessions must be a list, got ${show(sessions)}.`);
  const { nFolds = 5, minSeen = 3 } = options;
  checkNumber(`${here}: nFolds`, nFolds, POSITIVE_COUNT);
  checkNumber(`${here}: minSeen`, minSeen, COUNT);
  const days = [...new Set(sessions)];
  const byDay = sessions.map((session) => days.indexOf(session) % nFolds);
  const isDated = !days.includes(undefined) && days.length > 1;
  const isEnough = [...new Set(byDay)].every(
    (fold) => byDay.filter((each) => each !== fold).length >= minSeen,
  );
  return isDated && isEnough ? byDay : sessions.map((_, i) => i % Math.min(nFolds, sessions.length));
}
