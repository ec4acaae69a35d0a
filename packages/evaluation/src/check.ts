import { checkNumber, FINITE, type NumberRule, show, wholeNumber } from '@serial-oe/foundation';
import type { Label } from './label';
import { parseLabel } from './label';

/** Scores of the two classes, float64 copies in the caller's order. */
export interface ClassScores {
  normal: Float64Array;
  anomalous: Float64Array;
}

/**
 * Checks labels and scores at the public edge and splits the scores by class.
 *
 * @param caller name of the public function, for the message.
 * @throws RangeError for empty input, unequal lengths, a non-finite score or a missing class; TypeError for a label
 *   or a score of another kind.
 */
export function splitByClass(
  caller: string,
  labels: ArrayLike<Label>,
  scores: ArrayLike<number>,
): ClassScores {
  if (!isArrayLike(labels) || !isArrayLike(scores)) {
    throw new TypeError(
      `evaluation.${caller}: labels and scores must be arrays, got ${show(labels)} and ${show(scores)}.`,
    );
  }
  if (labels.length !== scores.length || labels.length === 0) {
    throw new RangeError(
      `evaluation.${caller}: labels and scores must have the same length of at least 2, got ` +
        `${labels.length} labels and ${scores.length} scores.`,
    );
  }
  const normal: number[] = [];
  const anomalous: number[] = [];
  for (let i = 0; i < labels.length; i++) {
    const label = parseLabel(labels[i], `evaluation.${caller}: labels[${i}]`);
    (label === 1 ? anomalous : normal).push(checkScore(scores[i], `evaluation.${caller}: scores[${i}]`));
  }
  if (normal.length === 0 || anomalous.length === 0) {
    throw new RangeError(
      `evaluation.${caller}: labels must hold both classes, got ${normal.length} normal and ` +
        `${anomalous.length} anomalous. A ROC curve is undefined for one class.`,
    );
  }
  return { normal: Float64Array.from(normal), anomalous: Float64Array.from(anomalous) };
}

/** Returns the score where it is a finite number; `where` opens the message of the error otherwise. */
export function checkScore(score: unknown, where: string): number {
  return checkNumber(where, score, SCORE);
}

const SCORE: NumberRule = { ...FINITE, remedy: 'Look at the clip or the detector behind it.' };

/** Of a bootstrap. */
export const N_RESAMPLES: NumberRule = { ...wholeNumber(2), remedy: '1000 is usual.' };

/** Coverage of an interval, power and significance of a test. */
export const CONFIDENCE: NumberRule = {
  isValid: (x) => x > 0 && x < 1,
  rule: 'lie between 0 and 1',
  remedy: 'Give a fraction as 0.95.',
};

const MAX_FPR: NumberRule = {
  isValid: (x) => x > 0 && x <= 1,
  rule: 'be above 0 and at most 1',
  remedy: 'DCASE uses 0.1.',
};

/** Checks 0 < maxFpr <= 1. */
export function checkMaxFpr(caller: string, maxFpr: unknown): void {
  checkNumber(`evaluation.${caller}: maxFpr`, maxFpr, MAX_FPR);
}

function isArrayLike(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && Number.isInteger((value as { length?: unknown }).length)
  );
}
