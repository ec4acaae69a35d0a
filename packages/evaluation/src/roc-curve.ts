import { checkKind, checkOptions, type OptionNames } from '@serial-oe/foundation';
import { splitByClass } from './check';
import type { ClassCounts } from './class-counts';
import { classCounts } from './class-counts';
import type { Label } from './label';

/** Options of {@link rocCurve}. */
export interface RocCurveOptions {
  /**
   * Drops points between and collinear with their neighbours, which change neither the plot nor the area. Default
   * true, as in scikit-learn, whose rule (a zero second difference of both counts) also keeps some collinear points.
   */
  dropIntermediate?: boolean;
}

const OPTIONS: OptionNames<RocCurveOptions> = { dropIntermediate: true };

/** Points of a ROC curve, from (0, 0) to (1, 1); three arrays of equal length. */
export interface RocCurve {
  /** False-positive rates, not decreasing. */
  fpr: Float64Array;
  /** True-positive rates, not decreasing. */
  tpr: Float64Array;
  /** Decreasing scores: a point's rates are those of the decision `score >= threshold`. The first is Infinity. */
  thresholds: Float64Array;
}

/**
 * The receiver operating characteristic of scores, point for point scikit-learn's `roc_curve`.
 *
 * @param labels `[nClips]`, 1 or `'anomaly'` for anomalies, 0 or `'normal'` for normal clips; both must occur.
 * @param scores `[nClips]`, finite anomaly scores, higher is more anomalous.
 * @throws RangeError for empty input, unequal lengths, one class only or a non-finite score; TypeError for unknown
 *   labels and options.
 * @example
 * rocCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]);
 * // fpr 0, 0, 0.5, 0.5, 1; tpr 0, 0.5, 0.5, 1, 1; thresholds Infinity, 0.8, 0.4, 0.35, 0.1
 */
export function rocCurve(
  labels: ArrayLike<Label>,
  scores: ArrayLike<number>,
  options: RocCurveOptions = {},
): RocCurve {
  checkOptions('evaluation.rocCurve', options, OPTIONS);
  const { dropIntermediate = true } = options;
  checkKind('evaluation.rocCurve: dropIntermediate', dropIntermediate, 'boolean');
  const classes = splitByClass('rocCurve', labels, scores);
  const counts = classCounts(classes);
  const kept = dropIntermediate ? cornerIndices(counts) : Array.from(counts.thresholds.keys());
  const fpr = new Float64Array(kept.length + 1);
  const tpr = new Float64Array(kept.length + 1);
  const thresholds = new Float64Array(kept.length + 1);
  thresholds[0] = Infinity;
  kept.forEach((index, i) => {
    fpr[i + 1] = counts.falsePositives[index]! / classes.normal.length;
    tpr[i + 1] = counts.truePositives[index]! / classes.anomalous.length;
    thresholds[i + 1] = counts.thresholds[index]!;
  });
  return { fpr, tpr, thresholds };
}

/** First and last point, and each point at which the step of either count differs from the step before it. */
function cornerIndices({ falsePositives, truePositives }: ClassCounts): number[] {
  const last = falsePositives.length - 1;
  const isCorner = (counts: Float64Array, i: number) =>
    counts[i + 1]! - counts[i]! !== counts[i]! - counts[i - 1]!;
  const kept: number[] = [];
  for (let i = 0; i <= last; i++) {
    if (i === 0 || i === last || isCorner(falsePositives, i) || isCorner(truePositives, i)) kept.push(i);
  }
  return kept;
}
