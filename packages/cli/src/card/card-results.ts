import { realizedRate } from '@serial-oe/decision';
import type { CardMachineResults, CardResults, Evaluation } from '@serial-oe/runtime/contract';
import { FEW_CLIPS, isEnough } from '../evaluate/few-clips';

/**
 * Evaluations as a card keeps them.
 * @param data name of the data set
 * @param nameOf what the model calls a machine of the type
 */
export function cardResults(
  evaluations: readonly Evaluation[],
  data: string,
  nameOf: (machineType: string, machineId: string) => string,
): CardResults {
  const machines = evaluations.flatMap((evaluation) =>
    machineResults(evaluation).map((each) => ({
      ...each,
      machineId: nameOf(evaluation.machineType, each.machineId),
    })),
  );
  return { measuredAt: new Date().toISOString(), data, machines, isOutdated: false };
}

function machineResults({ summary, decisions, results }: Evaluation): CardMachineResults[] {
  return summary.perId.map((each) => {
    const { machineId, nNormal, nAnomalous, auc, pAuc } = each;
    const own = results.filter((clip) => clip.machineId === machineId);
    const called = (label: 'normal' | 'anomaly') =>
      own.filter((clip) => clip.label === label && clip.isAnomaly).length;
    const interval = decisions.find((decision) => decision.machineId === machineId)?.aucInterval ?? null;
    const nFalseAlarms = called('normal');
    return {
      ...{ machineId, nNormal, nAnomalous, auc, pAuc, nFound: called('anomaly'), nFalseAlarms },
      aucInterval:
        interval !== null && isEnough(each) ? { lower: interval.lower, upper: interval.upper } : null,
      falseAlarmInterval: nNormal < FEW_CLIPS ? null : rateInterval(nFalseAlarms, nNormal),
    };
  });
}

function rateInterval(n: number, of: number): { lower: number; upper: number } {
  const flags = Array.from({ length: of }, (_, i) => (i < n ? 1 : 0));
  const { lower, upper } = realizedRate(flags, { threshold: 0.5 }).interval;
  return { lower, upper };
}
