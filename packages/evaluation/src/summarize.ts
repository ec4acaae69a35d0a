import { checkOptions, type OptionNames } from '@serial-oe/foundation';
import { averageAuc } from './average-auc';
import { checkMaxFpr } from './check';
import { type ClipResult, checkResults } from './clip-result';
import { harmonicMean } from './harmonic-mean';
import { areaOfClasses } from './roc-auc';

/** Options of {@link summarize}. */
export interface SummarizeOptions {
  /** Highest false-positive rate of the partial figures, 0 < maxFpr <= 1. Default 0.1 (DCASE). */
  maxFpr?: number;
}

const OPTIONS: OptionNames<SummarizeOptions> = { maxFpr: true };

/** Figures from one ROC curve; null, with the reason, where a class is missing. All in [0, 1]. */
export interface CurveFigures {
  nNormal: number;
  nAnomalous: number;
  auc: number | null;
  /** McClish-standardised partial AUC up to `maxFpr`. */
  pAuc: number | null;
  /** (auc + pAuc) / 2. */
  aAuc: number | null;
  /** Why the figures are null; null where they are numbers. */
  reason: string | null;
}

/** Figures of one machine ID: one ROC curve over its own clips. */
export interface IdSummary extends CurveFigures {
  machineType: string;
  machineId: string;
}

/** Averages of per-ID figures; null where no ID could be measured. */
export interface AveragedFigures {
  auc: number | null;
  pAuc: number | null;
  aAuc: number | null;
  mAuc: number | null;
  hAuc: number | null;
}

/** A machine type: `auc`, `pAuc`, `aAuc` are means over its IDs, `mAuc` the lowest AUC, `hAuc` the harmonic mean. */
export interface TypeSummary extends AveragedFigures {
  machineType: string;
  /** IDs that the averages are taken over. */
  averagedMachineIds: string[];
  /** IDs left out of the averages because they lack a class. */
  excludedMachineIds: { machineId: string; reason: string }[];
  /** One ROC curve over the clips of all IDs together, a common threshold for all. Excludes no clip. */
  pooled: CurveFigures;
}

/** All machine types: `auc`, `pAuc`, `aAuc`, `mAuc` are means over the types; `hAuc` spans all IDs of all types. */
export interface OverallSummary extends AveragedFigures {
  averagedMachineTypes: string[];
  /** Types left out of the averages because none of their IDs has both classes. */
  excludedMachineTypes: { machineType: string; reason: string }[];
  /** One ROC curve over all clips of all types together. Excludes no clip. */
  pooled: CurveFigures;
}

/** What {@link summarize} returns. IDs and types stand in order of first appearance. */
export interface Summary {
  maxFpr: number;
  perId: IdSummary[];
  perType: TypeSummary[];
  overall: OverallSummary;
}

/**
 * AUC, pAUC, aAUC, mAUC and hAUC of scored test clips: per machine ID, per machine type and overall.
 *
 * - Per ID: AUC, pAUC (McClish, up to `maxFpr`), aAUC = (AUC + pAUC) / 2.
 * - Per type: arithmetic means of these over the IDs; mAUC = lowest AUC of the IDs; hAUC = harmonic mean of the AUC
 *   and the pAUC of every ID (2 values an ID; 0 where one of them is 0), as in DCASE's official score.
 * - Overall: arithmetic means of AUC, pAUC, aAUC and mAUC over the types, so that each type weighs the same; hAUC =
 *   harmonic mean of the AUC and the pAUC of every ID of every type.
 * - `pooled`: instead of averages, one ROC curve of all clips of the type (or of all types) together, which asks for
 *   one threshold that suits every machine.
 *
 * An ID with one class only is listed with null figures and the reason, left out of the averages and named in
 * `excludedMachineIds`; its clips do take part in the pooled figures.
 *
 * @param results one row a clip, at least one; further fields are ignored.
 * @throws RangeError for no rows, a non-finite score or maxFpr outside (0, 1]; TypeError for a wrong label, name
 *   or option.
 * @see Kuroyanagi et al., "Serial-OE", APSIPA Trans. Signal and Information Processing 14, e1 (2025), section 4.
 */
export function summarize(results: readonly ClipResult[], options: SummarizeOptions = {}): Summary {
  checkOptions('evaluation.summarize', options, OPTIONS);
  const { maxFpr = 0.1 } = options;
  checkMaxFpr('summarize', maxFpr);
  const byType = groupScores(results);
  const perId: IdSummary[] = [];
  const perType: TypeSummary[] = [];
  for (const [machineType, byId] of byType) {
    const ids = Array.from(byId, ([machineId, group]) => ({
      machineType,
      machineId,
      ...figures(group, maxFpr),
    }));
    perId.push(...ids);
    perType.push(summarizeType(machineType, ids, figures(merge(byId.values()), maxFpr)));
  }
  const everything = merge(Array.from(byType.values()).flatMap((byId) => Array.from(byId.values())));
  return { maxFpr, perId, perType, overall: summarizeOverall(perType, perId, figures(everything, maxFpr)) };
}

interface ScoreGroup {
  normal: number[];
  anomalous: number[];
}

function groupScores(results: readonly ClipResult[]): Map<string, Map<string, ScoreGroup>> {
  const byType = new Map<string, Map<string, ScoreGroup>>();
  checkResults('summarize', results).forEach(({ label, score }, i) => {
    const row = results[i]!;
    const byId = byType.get(row.machineType) ?? new Map<string, ScoreGroup>();
    byType.set(row.machineType, byId);
    const group = byId.get(row.machineId) ?? { normal: [], anomalous: [] };
    byId.set(row.machineId, group);
    (label === 1 ? group.anomalous : group.normal).push(score);
  });
  return byType;
}

function merge(groups: Iterable<ScoreGroup>): ScoreGroup {
  const all = Array.from(groups);
  return { normal: all.flatMap((group) => group.normal), anomalous: all.flatMap((group) => group.anomalous) };
}

function figures({ normal, anomalous }: ScoreGroup, maxFpr: number): CurveFigures {
  const counts = { nNormal: normal.length, nAnomalous: anomalous.length };
  if (normal.length === 0 || anomalous.length === 0) {
    const reason = `no ${normal.length === 0 ? 'normal' : 'anomalous'} clips`;
    return { ...counts, auc: null, pAuc: null, aAuc: null, reason };
  }
  const classes = { normal: Float64Array.from(normal), anomalous: Float64Array.from(anomalous) };
  const auc = areaOfClasses(classes, 1);
  const pAuc = areaOfClasses(classes, maxFpr);
  return { ...counts, auc, pAuc, aAuc: averageAuc({ auc, pAuc }), reason: null };
}

function summarizeType(machineType: string, ids: IdSummary[], pooled: CurveFigures): TypeSummary {
  const aucs = known(ids.map((id) => id.auc));
  const pAucs = known(ids.map((id) => id.pAuc));
  return {
    machineType,
    averagedMachineIds: ids.filter((id) => id.reason === null).map((id) => id.machineId),
    excludedMachineIds: ids.flatMap(({ machineId, reason }) =>
      reason === null ? [] : [{ machineId, reason }],
    ),
    auc: mean(aucs),
    pAuc: mean(pAucs),
    aAuc: mean(known(ids.map((id) => id.aAuc))),
    mAuc: aucs.length === 0 ? null : Math.min(...aucs),
    hAuc: harmonicMean([...aucs, ...pAucs]),
    pooled,
  };
}

function summarizeOverall(types: TypeSummary[], ids: IdSummary[], pooled: CurveFigures): OverallSummary {
  const excluded = types.filter((type) => type.auc === null);
  const over = (field: keyof AveragedFigures) => mean(known(types.map((type) => type[field])));
  return {
    averagedMachineTypes: types.filter((type) => type.auc !== null).map((type) => type.machineType),
    excludedMachineTypes: excluded.map(({ machineType }) => ({
      machineType,
      reason: 'no machine ID with both normal and anomalous clips',
    })),
    auc: over('auc'),
    pAuc: over('pAuc'),
    aAuc: over('aAuc'),
    mAuc: over('mAuc'),
    hAuc: harmonicMean(known(ids.flatMap((id) => [id.auc, id.pAuc]))),
    pooled,
  };
}

function known(values: (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}

function mean(values: number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
