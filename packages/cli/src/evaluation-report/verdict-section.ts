import type { ReportSection, ReportTable } from '@serial-oe/report';
import type { ScoredClip } from '@serial-oe/runtime/contract';
import type { Verdict } from '../evaluate/verdict';

/** Clips of a table; the text says how many there are. */
const MAX_ROWS = 20;

/** An engineer's first questions: what was found, what was missed, what cried wolf. */
export function verdictSection({ text, missed, falseAlarms }: Verdict): ReportSection {
  return {
    heading: 'Verdict',
    text,
    tables: [
      ...clipTable('Missed faults, the least conspicuous first', missed),
      ...clipTable('False alarms, the most severe first', falseAlarms),
    ],
  };
}

function clipTable(caption: string, clips: readonly ScoredClip[]): ReportTable[] {
  if (clips.length === 0) return [];
  const more = clips.length > MAX_ROWS ? ` (${MAX_ROWS} of ${clips.length})` : '';
  return [
    {
      caption: caption + more,
      columns: [
        { header: 'Clip' },
        { header: 'Machine' },
        { header: 'Severity, threshold at 50', digits: 0 },
        { header: 'Percentile', isPercent: true, digits: 1 },
        { header: 'Score', digits: 2 },
        { header: 'Threshold', digits: 2 },
      ],
      rows: clips
        .slice(0, MAX_ROWS)
        .map(({ path, machineId, severity, percentile, anomalyScore, threshold }) => [
          ...[path, machineId, severity ?? null, percentile ?? null, anomalyScore, threshold],
        ]),
    },
  ];
}
