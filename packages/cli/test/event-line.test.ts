import type { MonitorEvent } from '@serial-oe/monitor';
import { eventLine, localTime } from '../src/monitor/event-line';

const name = { site: 'plant', asset: 'pump-3', sensor: 'mic-1', machineId: '00' };
const time = new Date(2026, 10, 29, 9, 5, 7).getTime() / 1000;
const alarm = { change: 'active', isActive: true, isAcknowledged: false, isShelved: false } as const;

it('localTime is that of the clock on the wall', () => {
  expect(localTime(time + 0.4)).toBe('2026-11-29 09:05:07');
});

it.each<[MonitorEvent, string]>([
  [
    {
      kind: 'score',
      name,
      time: time - 10,
      endTime: time,
      anomalyScore: 3.456,
      threshold: 2,
      isAnomaly: true,
      nDropped: 0,
      scoringSeconds: 1,
    },
    'score 3.46 of 2.00: ANOMALY',
  ],
  [
    {
      kind: 'alarm',
      name,
      time,
      ...alarm,
      anomalyScore: 3.456,
      threshold: 2,
      severity: 71.6,
      message: 'it sounds\nwrong',
    },
    'ALARM active: it sounds\\u000awrong (score 3.46 of 2.00, severity 72)',
  ],
  [
    {
      kind: 'hearing',
      name,
      time,
      state: 'ALARMED',
      before: 'HEALTHY',
      faults: ['noAudio'],
      message: 'no samples come',
    },
    'HEARING ALARMED: no samples come',
  ],
  [{ kind: 'overload', name, time, nDropped: 3, message: '3 windows dropped' }, 'OVERLOAD 3 windows dropped'],
  [{ kind: 'drift', name, time, moved: ['level'], message: 'louder' }, 'DRIFT louder'],
  [{ kind: 'clip', name, time, path: 'events/a.wav' }, 'CLIP events/a.wav'],
])('%#: an event is one line with time and sensor', (event, text) => {
  expect(eventLine(event)).toBe(`2026-11-29 09:05:07 plant/pump-3/mic-1 ${text}`);
});
