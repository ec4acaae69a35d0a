import { csvField } from '@serial-oe/foundation';
import type { ExperimentResults } from './experiment-results';

const HEADER = [
  ...['experiment', 'variant', 'machineType', 'scope', 'machineId', 'seed'],
  ...['nNormal', 'nAnomalous', 'auc', 'pAuc', 'aAuc', 'mAuc', 'runIds'],
];

/**
 * Every measurement as a row, in [0, 1]: scope `id` is one machine ID, `type` the mean of the averaged IDs, `pooled` one
 * ROC curve over their clips. The runs that made it are separated by spaces. RFC 4180.
 */
export function resultsCsv({ experiment, measurements }: ExperimentResults): string {
  const rows = measurements.flatMap(({ variant, machineType, seed, runIds, perId, type, pooled }) => {
    const place = { experiment, variant, machineType, seed, runIds: runIds.join(' ') };
    const row = (scope: string, figures: Record<string, unknown>) =>
      HEADER.map((column) => (({ ...place, scope, ...figures }) as Record<string, unknown>)[column] ?? '');
    return [...perId.map((figures) => row('id', { ...figures })), row('type', type), row('pooled', pooled)];
  });
  return [HEADER, ...rows]
    .map((row) => `${row.map((value) => csvField(String(value))).join(',')}\r\n`)
    .join('');
}
