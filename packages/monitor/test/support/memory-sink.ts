import type { MonitorEvent, ScoreSink } from '../../src/index';

/** Keeps what it is told. */
export function memorySink(): ScoreSink & { events: MonitorEvent[]; isClosed: boolean } {
  const sink = {
    name: 'memory',
    events: [] as MonitorEvent[],
    isClosed: false,
    publish: (event: MonitorEvent) => {
      sink.events.push(event);
    },
    close: async () => {
      sink.isClosed = true;
    },
  };
  return sink;
}

/** Events of one kind. */
export function ofKind<Kind extends MonitorEvent['kind']>(
  events: readonly MonitorEvent[],
  kind: Kind,
): Extract<MonitorEvent, { kind: Kind }>[] {
  return events.filter((event): event is Extract<MonitorEvent, { kind: Kind }> => event.kind === kind);
}
