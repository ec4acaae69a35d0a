import type { ClassScores } from './check';

/**
 * The unscaled ROC curve: for each distinct score, from the highest down, how many clips of each class score at
 * least that much. Ties share one point. All three arrays are `[nDistinctScores]`.
 */
export interface ClassCounts {
  thresholds: Float64Array;
  /** Normal clips at or above the threshold: false positives. */
  falsePositives: Float64Array;
  /** Anomalous clips at or above the threshold: true positives. */
  truePositives: Float64Array;
}

/** Counts by merging the two sorted classes; O(n log n) in native typed-array sorts. */
export function classCounts({ normal, anomalous }: ClassScores): ClassCounts {
  const normals = normal.slice().sort();
  const anomalies = anomalous.slice().sort();
  const capacity = normals.length + anomalies.length;
  const thresholds = new Float64Array(capacity);
  const falsePositives = new Float64Array(capacity);
  const truePositives = new Float64Array(capacity);
  let n = normals.length - 1;
  let a = anomalies.length - 1;
  let size = 0;
  while (n >= 0 || a >= 0) {
    const threshold = Math.max(n >= 0 ? normals[n]! : -Infinity, a >= 0 ? anomalies[a]! : -Infinity);
    while (n >= 0 && normals[n] === threshold) n--;
    while (a >= 0 && anomalies[a] === threshold) a--;
    thresholds[size] = threshold;
    falsePositives[size] = normals.length - 1 - n;
    truePositives[size] = anomalies.length - 1 - a;
    size++;
  }
  return {
    thresholds: thresholds.slice(0, size),
    falsePositives: falsePositives.slice(0, size),
    truePositives: truePositives.slice(0, size),
  };
}
