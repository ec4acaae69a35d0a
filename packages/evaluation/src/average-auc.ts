import { checkNumber, FRACTION } from '@serial-oe/foundation';

/**
 * aAUC of one machine ID: the mean of its AUC and its partial AUC.
 *
 * @param areas `auc` and `pAuc`, each in [0, 1].
 * @throws RangeError where one of them is not in [0, 1], TypeError where it is no number.
 * @example
 * averageAuc({ auc: 0.9, pAuc: 0.7 }); // 0.8
 */
export function averageAuc({ auc, pAuc }: { auc: number; pAuc: number }): number {
  const rule = { ...FRACTION, remedy: 'Give fractions, not percent.' };
  for (const [name, area] of Object.entries({ auc, pAuc })) {
    checkNumber(`evaluation.averageAuc: ${name}`, area, rule);
  }
  return (auc + pAuc) / 2;
}
