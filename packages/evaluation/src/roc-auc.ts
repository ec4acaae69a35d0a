import { checkOptions, type OptionNames } from '@serial-oe/foundation';
import type { ClassScores } from './check';
import { checkMaxFpr, splitByClass } from './check';
import { type ClassCounts, classCounts } from './class-counts';
import type { Label } from './label';

/** Options of {@link rocAuc}. */
export interface RocAucOptions {
  /**
   * Highest false-positive rate that counts, 0 < maxFpr <= 1. Below 1 the partial area is standardised by McClish's
   * formula to 0.5 for chance and 1 for perfect. Default 1: the plain area under the curve.
   */
  maxFpr?: number;
}

const OPTIONS: OptionNames<RocAucOptions> = { maxFpr: true };

/**
 * Area under the ROC curve, or McClish's standardised partial area up to `maxFpr`; ties count half.
 *
 * With A the area under the curve between the false-positive rates 0 and m = maxFpr (the curve is linear between its
 * points, so also at m), the partial figure is (1 + (A - m^2/2) / (m - m^2/2)) / 2.
 *
 * @param labels `[nClips]`, 1 or `'anomaly'` for anomalies, 0 or `'normal'` for normal clips; both must occur.
 * @param scores `[nClips]`, finite anomaly scores, higher is more anomalous.
 * @returns the area; a plain AUC lies in [0, 1], a partial one in [(1 - m/(2 - m)) / 2, 1].
 * @throws RangeError for empty input, unequal lengths, one class only, a non-finite score or maxFpr outside (0, 1];
 *   TypeError for unknown labels and options.
 * @see D. K. McClish, "Analyzing a portion of the ROC curve", Medical Decision Making 9 (1989); scikit-learn's
 *   `roc_auc_score(max_fpr=...)` gives the same figure.
 * @example
 * rocAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]); // 0.75
 */
export function rocAuc(
  labels: ArrayLike<Label>,
  scores: ArrayLike<number>,
  options: RocAucOptions = {},
): number {
  checkOptions('evaluation.rocAuc', options, OPTIONS);
  const { maxFpr = 1 } = options;
  checkMaxFpr('rocAuc', maxFpr);
  return areaOfClasses(splitByClass('rocAuc', labels, scores), maxFpr);
}

/** {@link rocAuc} on scores that are checked and split by class already. */
export function areaOfClasses(classes: ClassScores, maxFpr: number): number {
  return areaOfCounts(classCounts(classes), maxFpr);
}

/** {@link rocAuc} of the counts at each distinct score; the last ones are those of all clips. */
export function areaOfCounts(
  { falsePositives, truePositives }: Pick<ClassCounts, 'falsePositives' | 'truePositives'>,
  maxFpr: number,
): number {
  const nNormal = falsePositives.at(-1) as number;
  const nAnomalous = truePositives.at(-1) as number;
  const maxFalsePositives = maxFpr * nNormal;
  // Areas in units of one normal times one anomalous clip: sums of whole and half numbers, exact below m.
  let area = 0;
  let x = 0;
  let y = 0;
  for (let i = 0; i < falsePositives.length && x < maxFalsePositives; i++) {
    const width = falsePositives[i]! - x;
    const height = truePositives[i]! - y;
    const covered = Math.min(width, maxFalsePositives - x);
    if (width > 0) area += covered * (y + (height * covered) / width / 2);
    x = falsePositives[i]!;
    y = truePositives[i]!;
  }
  const scaled = area / (nNormal * nAnomalous);
  return maxFpr === 1 ? scaled : standardize(scaled, maxFpr);
}

function standardize(area: number, maxFpr: number): number {
  const chance = maxFpr ** 2 / 2;
  return (1 + (area - chance) / (maxFpr - chance)) / 2;
}
