import type { ReportColumn, ReportTable } from '@serial-oe/report';
import type { ScoredClip } from '@serial-oe/runtime/contract';
import type { ClipNames } from './clip-names';

const COLUMNS: readonly ReportColumn[] = [
  { header: 'Clip' },
  { header: 'Machine' },
  { header: 'Severity', digits: 1 },
  { header: 'Percentile', isPercent: true, digits: 1 },
  { header: 'Score', digits: 2 },
  { header: 'Threshold', digits: 2 },
];

/** Clips by name, with what was said of each. */
export function clipTable(
  caption: string,
  clips: readonly ScoredClip[],
  { nameOf }: Pick<ClipNames, 'nameOf'>,
): ReportTable {
  return {
    caption,
    columns: COLUMNS,
    rows: clips.map(({ path, machineId, severity, percentile, anomalyScore, threshold }) => [
      ...[nameOf(path), machineId, severity ?? null, percentile ?? null, anomalyScore, threshold],
    ]),
  };
}
