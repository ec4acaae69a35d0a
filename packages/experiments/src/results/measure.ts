import { type DomainClipResult, summarize, summarizeDomains } from '@serial-oe/evaluation';
import type { ClipRow } from '../jobs/job-types';
import type { IdFigures, Measurement } from './experiment-results';

/**
 * The figures of scored clips of one machine type; null where nothing was scored.
 * @param averagedIds machine IDs that the averages are taken over; default all
 */
export function measure(
  rows: readonly ClipRow[],
  { machineType, averagedIds }: { machineType: string; averagedIds?: readonly string[] | undefined },
): Pick<Measurement, 'perId' | 'type' | 'pooled'> | null {
  if (rows.length === 0) return null;
  const isAveraged = (machineId: string) => averagedIds?.includes(machineId) ?? true;
  const results = rows.map((row) => ({ ...row, machineType }));
  const averaged = results.filter(({ machineId }) => isAveraged(machineId));
  const perId = summarize(results).perId.map(
    ({ machineType: _, ...figures }): IdFigures => ({
      ...figures,
      isAveraged: isAveraged(figures.machineId),
    }),
  );
  const type = averaged.length === 0 ? undefined : summarize(averaged).perType[0];
  const official = averaged.every(hasDomain) && averaged.length > 0 ? summarizeDomains(averaged) : null;
  const { auc = null, pAuc = null, aAuc = null, mAuc = null, pooled } = type ?? {};
  return {
    perId,
    type: { auc, pAuc, aAuc, mAuc, ...(official && { official: official.officialScore }) },
    pooled: { auc: pooled?.auc ?? null, pAuc: pooled?.pAuc ?? null, aAuc: pooled?.aAuc ?? null },
  };
}

function hasDomain(row: ClipRow): row is ClipRow & DomainClipResult {
  return row.domain !== undefined;
}
