/** A figure; in [0, 1] in results, per cent in tables. */
export type Metric = 'auc' | 'pAuc' | 'aAuc' | 'mAuc' | 'official';
