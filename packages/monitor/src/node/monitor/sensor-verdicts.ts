import type { AlarmOptions } from '@serial-oe/decision';
import type { ClipScorer } from '@serial-oe/runtime/contract';
import type {
  ClipEvent,
  DriftEvent,
  OverloadEvent,
  ScoreEvent,
  SensorAlarmEvent,
  SensorCommand,
  SensorName,
  SensorStart,
} from '../../events';
import type { StreamScore } from '../../stream/stream-scorer';
import type { EventClips, PendingClip } from '../clips/event-clips';
import { SensorAlarm } from './sensor-alarm';
import { SensorDrift } from './sensor-drift';
import type { SensorMemory } from './state-file';

/** What follows from a window's score. */
export interface Verdict {
  score: ScoreEvent;
  alarms: SensorAlarmEvent[];
  drifts: DriftEvent[];
}

/** What scores mean for one sensor, wherever it is scored: its alarm, its drift, and which sound is to be kept. */
export class SensorVerdicts {
  readonly #name: SensorName;
  readonly #alarm: SensorAlarm;
  readonly #drift: SensorDrift;
  readonly #clips: EventClips | null;
  #lastTime: number | null;

  constructor(
    {
      name,
      scorer,
      alarm = {},
    }: { name: SensorName; scorer: ClipScorer; alarm?: Partial<AlarmOptions> | undefined },
    { saved, clips }: { saved: SensorMemory; clips: EventClips | null },
  ) {
    this.#name = name;
    this.#alarm = new SensorAlarm(name, { options: alarm, saved: saved.alarm });
    this.#drift = new SensorDrift(name, { scorer, saved: saved.drift ?? null });
    this.#clips = clips;
    this.#lastTime = saved.lastTime;
  }

  toJSON(): SensorMemory {
    return { lastTime: this.#lastTime, alarm: this.#alarm.toJSON(), drift: this.#drift.toJSON() };
  }

  /** As it was remembered. */
  start(time: number): SensorStart {
    return this.#alarm.start(time);
  }

  command(command: SensorCommand, now: number): SensorAlarmEvent[] {
    return this.#alarm.command(command, now);
  }

  /**
   * @param isHeard false where what was heard is no sound of the machine
   * @param waveform the window's, at the scorer's rate; shorter where it is not
   * @param nDropped windows of the sensor so far
   */
  take(
    score: StreamScore,
    { isHeard, waveform, nDropped }: { isHeard: boolean; waveform: Float32Array; nDropped: number },
  ): Verdict {
    const { time, endTime, anomalyScore, threshold, isAnomaly, severity, percentile, scoringSeconds } = score;
    const alarms = this.#alarm.take(score, isHeard);
    const drifts = this.#drift.take(score, isHeard, waveform);
    this.#lastTime = endTime;
    if (alarms.some(({ change, isShelved }) => change === 'active' && !isShelved)) {
      this.#clips?.mark(this.#name, { time, endTime, severity });
    }
    return {
      score: {
        ...{ kind: 'score', name: this.#name, time, endTime, anomalyScore, threshold, isAnomaly, severity },
        ...{ percentile, nDropped, scoringSeconds },
      },
      ...{ alarms, drifts },
    };
  }
}

/** So many windows of a sensor were dropped so far. */
export function overloadEvent(
  name: SensorName,
  { label, time, nDropped }: { label: string; time: number; nDropped: number },
): OverloadEvent {
  const message = `${label}: scoring does not keep up: ${nDropped} windows dropped so far`;
  return { kind: 'overload', name, time, nDropped, message };
}

/** A file was written. */
export function clipEvent({ path, event }: { path: string; event: PendingClip }): ClipEvent {
  return { kind: 'clip', name: event.name, time: event.time, path, severity: event.severity };
}
