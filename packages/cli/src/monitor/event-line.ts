import { printableLine } from '@serial-oe/foundation';
import type { MonitorEvent } from '@serial-oe/monitor';

/** An event on a line for people, with local time: `2026-11-29 19:30:00 plant/pump-3/mic-1 ALARM active: pump-3: the sound is anomalous`. */
export function eventLine(event: MonitorEvent): string {
  const { site, asset, sensor } = event.name;
  const time = event.kind === 'score' ? event.endTime : event.time;
  return printableLine(`${localTime(time)} ${site}/${asset}/${sensor} ${textOf(event)}`);
}

function textOf(event: MonitorEvent): string {
  switch (event.kind) {
    case 'score':
      return `score ${event.anomalyScore.toFixed(2)} of ${event.threshold.toFixed(2)}${severityOf(event)}: ${event.isAnomaly ? 'ANOMALY' : 'normal'}`;
    case 'alarm':
      return `ALARM ${event.change}: ${event.message} (score ${event.anomalyScore?.toFixed(2) ?? 'none'} of ${event.threshold.toFixed(2)}${severityOf(event)})`;
    case 'hearing':
      return `HEARING ${event.state}: ${event.message}`;
    case 'overload':
      return `OVERLOAD ${event.message}`;
    case 'drift':
      return `DRIFT ${event.message}`;
    case 'clip':
      return `CLIP ${event.path}`;
  }
}

function severityOf({ severity }: { severity?: number | undefined }): string {
  return severity === undefined ? '' : `, severity ${severity.toFixed(0)}`;
}

/** Unix time as `2026-11-29 19:30:00` where the process is. */
export function localTime(seconds: number): string {
  const date = new Date(1000 * seconds);
  const two = (n: number) => String(n).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}
