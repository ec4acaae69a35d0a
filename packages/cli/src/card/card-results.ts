import { realizedRate } from '@serial-oe/decision';
import type { CardMachineResults, CardResults, Evaluation } from '@serial-oe/runtime/contract';
import { FEW_CLIPS, isEnough } from '../evaluate/few-clips';

/** An evaluation as a card keeps it. */
export function cardResults({ summary, decisions, results }: Evaluation, data: string): CardResults {
  const machines = summary.perId.map((each): CardMachineResults => {
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
  return { measuredAt: new Date().toISOString(), data, machines, isOutdated: false };
}

function rateInterval(n: number, of: number): { lower: number; upper: number } {
  const flags = Array.from({ length: of }, (_, i) => (i < n ? 1 : 0));
  const { lower, upper } = realizedRate(flags, { threshold: 0.5 }).interval;
  return { lower, upper };
}
