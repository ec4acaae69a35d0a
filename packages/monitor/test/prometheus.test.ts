import { prometheusSink } from '../src/prometheus';
import { alarmEvent, hearingEvent, PUMP, scoreEvent } from './support/events';

describe('prometheusSink', () => {
  it('tells the metrics of each sensor', async () => {
    const sink = await prometheusSink({ port: 0, host: '127.0.0.1' });
    try {
      sink.publish(scoreEvent());
      sink.publish(scoreEvent({ endTime: 1015, anomalyScore: 4, nDropped: 2 }));
      sink.publish(alarmEvent());
      sink.publish(hearingEvent({ time: 1020 }));
      sink.publish(hearingEvent({ time: 1050, state: 'HEALTHY', before: 'RECOVERING', faults: [] }));
      const text = await (await fetch(sink.url)).text();
      const labels = '{site="plant",asset="pump-3",sensor="mic-1",machine_id="00"}';
      for (const line of [
        `serialoe_score${labels} 4`,
        `serialoe_severity${labels} 61.2`,
        `serialoe_alarm_active${labels} 1`,
        `serialoe_hearing_healthy${labels} 1`,
        `serialoe_windows_total${labels} 2`,
        `serialoe_windows_dropped_total${labels} 2`,
        `serialoe_window_duration_seconds_count${labels} 2`,
        `serialoe_audio_gap_seconds_total${labels} 30`,
        `serialoe_last_window_timestamp_seconds${labels} 1015`,
      ]) {
        expect(text.split('\n')).toContain(line);
      }
      expect(text).toContain('process_resident_memory_bytes');
      expect((await fetch(sink.url.replace('/metrics', '/'))).status).toBe(404);
      await expect(
        prometheusSink({ port: Number(new URL(sink.url).port), host: '127.0.0.1' }),
      ).rejects.toThrow('must be free');
    } finally {
      await sink.close();
    }
  });

  it('has the state of each sensor from the start, an alarm from before a restart too', async () => {
    const sink = await prometheusSink({ port: 0, host: '127.0.0.1', processMetrics: false });
    try {
      const start = { time: 1000, isAcknowledged: true, isShelved: false };
      sink.onStart!([
        { ...start, name: PUMP, isActive: true },
        { ...start, name: { ...PUMP, sensor: 'mic-2' }, isActive: false },
      ]);
      const lines = (await (await fetch(sink.url)).text()).split('\n');
      const of = (sensor: string) => `{site="plant",asset="pump-3",sensor="${sensor}",machine_id="00"}`;
      expect(lines).toContain(`serialoe_alarm_active${of('mic-1')} 1`);
      expect(lines).toContain(`serialoe_alarm_active${of('mic-2')} 0`);
      expect(lines).toContain(`serialoe_hearing_healthy${of('mic-2')} 1`);
      expect(lines).toContain(`serialoe_windows_dropped_total${of('mic-2')} 0`);
      expect(lines.some((line) => line.startsWith('serialoe_last_window_timestamp_seconds{'))).toBe(false);
    } finally {
      await sink.close();
    }
  });

  it('refuses a port that there is not', async () => {
    await expect(prometheusSink({ port: 70_000 })).rejects.toThrow(/port/);
  });
});
