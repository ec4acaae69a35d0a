import type { MonitorEvent, ScoreSink } from '../events';

/**
 * A line of JSON an event.
 * @param write such as `(line) => process.stdout.write(line)`
 */
export function jsonLinesSink(write: (line: string) => void): ScoreSink {
  return {
    name: 'JSON lines',
    publish: (event: MonitorEvent) => write(`${JSON.stringify(event)}\n`),
    close: async () => {},
  };
}
