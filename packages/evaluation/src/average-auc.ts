/**
 * aAUC of one machine ID: the mean of its AUC and its partial AUC.
 *
 * @param areas `auc` and `pAuc`, each in [0, 1].
 * @throws RangeError where one of them is not a number in [0, 1].
 * @example
 * averageAuc({ auc: 0.9, pAuc: 0.7 }); // 0.8
 */
export function averageAuc({ auc, pAuc }: { auc: number; pAuc: number }): number {
  for (const [name, value] of Object.entries({ auc, pAuc })) {
    if (typeof value !== 'number' || !(value >= 0 && value <= 1)) {
      throw new RangeError(
        `evaluation.averageAuc: ${name} must be a number from 0 to 1, got ${String(value)}. Give fractions, not percent.`,
      );
    }
  }
  return (auc + pAuc) / 2;
}
