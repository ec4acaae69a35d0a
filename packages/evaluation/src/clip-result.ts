import { checkKind, show } from '@serial-oe/foundation';
import { checkScore } from './check';
import { type Label, parseLabel } from './label';

/** The score of one test clip. */
export interface ClipResult {
  machineType: string;
  machineId: string;
  /** 1 or `'anomaly'` for an anomaly, 0 or `'normal'` for a normal clip. */
  label: Label;
  /** Finite; higher is more anomalous. */
  anomalyScore: number;
}

/**
 * Labels as 0 and 1, and scores, of rows that are checked.
 * @throws RangeError or TypeError naming the row and the field
 */
export function checkResults(
  caller: string,
  results: readonly ClipResult[],
): { label: 0 | 1; score: number }[] {
  const where = `evaluation.${caller}: results`;
  if (!Array.isArray(results)) {
    throw new TypeError(`${where} must be an array of rows, got ${show(results)}.`);
  }
  if (results.length === 0) {
    throw new RangeError(`${where} must hold at least one clip, got none. Score a test set.`);
  }
  return results.map((row: ClipResult, i) => {
    for (const field of ['machineType', 'machineId'] as const) {
      checkKind(`${where}[${i}].${field}`, row?.[field], 'string');
    }
    return {
      label: parseLabel(row.label, `${where}[${i}].label`),
      score: checkScore(row.anomalyScore, `${where}[${i}].anomalyScore`),
    };
  });
}
