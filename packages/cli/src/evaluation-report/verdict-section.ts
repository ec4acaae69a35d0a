import type { ReportSection, ReportTable } from '@serial-oe/report';
import type { ScoredClip } from '@serial-oe/runtime/contract';
import type { Verdict } from '../evaluate/verdict';
import type { ClipNames } from './clip-names';
import { clipTable } from './clip-table';

/** Clips of a table; the text says how many there are. */
const MAX_ROWS = 10;

const SEVERITY = 'A clip at the threshold has a severity of 50.';

/** An engineer's first questions: what was found, what was missed, what cried wolf. */
export function verdictSection(
  { text, warnings, missed, falseAlarms }: Verdict,
  names: ClipNames,
): ReportSection {
  const tables = [
    ...mistakes('Missed faults, nearest to the threshold first', missed, names),
    ...mistakes('False alarms, most severe first', falseAlarms, names),
  ];
  const hasSeverity = [...missed, ...falseAlarms].some(({ severity }) => severity !== undefined);
  return {
    heading: 'Verdict',
    text: hasSeverity ? `${text}\n\n${SEVERITY}` : text,
    warnings,
    tables,
  };
}

function mistakes(caption: string, clips: readonly ScoredClip[], names: ClipNames): ReportTable[] {
  if (clips.length === 0) return [];
  const more = clips.length > MAX_ROWS ? ` (${MAX_ROWS} of ${clips.length})` : '';
  return [clipTable(caption + more, clips.slice(0, MAX_ROWS), names)];
}
