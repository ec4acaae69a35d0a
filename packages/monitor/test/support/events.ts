import type { ScoreEvent, SensorAlarmEvent, SensorHearingEvent, SensorName } from '../../src/index';

export const PUMP: SensorName = { site: 'plant', asset: 'pump-3', sensor: 'mic-1', machineId: '00' };

export const scoreEvent = (changes: Partial<ScoreEvent> = {}): ScoreEvent => ({
  ...{ kind: 'score', name: PUMP, time: 1000, endTime: 1010, anomalyScore: 3, threshold: 2, isAnomaly: true },
  ...{ severity: 61.2, percentile: 0.99, nDropped: 0, scoringSeconds: 0.02 },
  ...changes,
});

export const alarmEvent = (changes: Partial<SensorAlarmEvent> = {}): SensorAlarmEvent => ({
  ...{ kind: 'alarm', name: PUMP, time: 1010, change: 'active', isActive: true, isAcknowledged: false },
  ...{ isShelved: false, anomalyScore: 3, threshold: 2, severity: 61.2, message: 'above 2 for 10 s' },
  ...changes,
});

export const hearingEvent = (changes: Partial<SensorHearingEvent> = {}): SensorHearingEvent => ({
  ...{ kind: 'hearing', name: PUMP, time: 1020, state: 'ALARMED', before: 'HEALTHY', faults: ['flat'] },
  message: 'the sound is flat',
  ...changes,
});
