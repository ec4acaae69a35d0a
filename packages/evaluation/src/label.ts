import { show } from '@serial-oe/foundation';

/**
 * What a clip is: 1, `true` or `'anomaly'` for an anomaly (scikit-learn's positive class), 0, `false` or `'normal'`
 * for a normal clip.
 */
export type Label = number | boolean | 'anomaly' | 'normal';

/** Reads a label as 1 (anomaly) or 0 (normal); `where` opens the message of the TypeError for anything else. */
export function parseLabel(label: Label | undefined, where: string): 0 | 1 {
  if (label === 1 || label === true || label === 'anomaly') return 1;
  if (label === 0 || label === false || label === 'normal') return 0;
  throw new TypeError(
    `${where} must be 1 or 'anomaly' for an anomaly, 0 or 'normal' for a normal clip, got ${show(label)}.`,
  );
}
