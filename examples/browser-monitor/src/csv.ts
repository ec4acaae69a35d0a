import type { StoredEvent } from './store';
import { TEXTS } from './texts';
import type { WindowScore } from './worker/protocol';

/** All digits, so that scores can be compared. */
export function windowsCsv(windows: readonly WindowScore[]): string {
  const rows = windows.map(
    ({ time, endTime, anomalyScore, threshold, severity, isAnomaly, isUnlikeTraining }) =>
      [
        time,
        endTime,
        anomalyScore,
        threshold,
        severity ?? '',
        Number(isAnomaly),
        Number(isUnlikeTraining),
      ].join(','),
  );
  return `${[TEXTS.csv.windows, ...rows].join('\n')}\n`;
}

export function eventsCsv(events: readonly StoredEvent[]): string {
  const rows = events.map((each) =>
    [
      ...[new Date(each.startedAt).toISOString(), each.source, each.model, each.machineId, each.seconds],
      ...[each.peakScore, each.peakSeverity ?? '', each.threshold],
    ]
      .map(cell)
      .join(','),
  );
  return `${[TEXTS.csv.events, ...rows].join('\n')}\n`;
}

/** Quoted where it must be; a text that a spreadsheet would take for a formula gets an apostrophe. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** 2026-11-30-0301 */
export function stamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');
}
