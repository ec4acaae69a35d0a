import type { AlarmEventType } from '@serial-oe/decision';
import type { HearingFault, HearingState } from './hearing/hearing-watch';

/** Where a sound comes from. The names are the user's and make up topics and labels: they should never change. */
export interface SensorName {
  site: string;
  /** What it listens to, such as `pump-3`. */
  asset: string;
  sensor: string;
  /** The machine by the name that the model knows. */
  machineId: string;
}

interface EventOf<Kind extends string> {
  kind: Kind;
  name: SensorName;
  /** Unix time, seconds. */
  time: number;
}

/** The verdict on one window. */
export interface ScoreEvent extends EventOf<'score'> {
  /** End of the window, Unix time, seconds; `time` is its start. */
  endTime: number;
  anomalyScore: number;
  threshold: number;
  isAnomaly: boolean;
  /** 0 to 100, the threshold at 50. */
  severity?: number | undefined;
  /** Among the machine's own normal scores, in (0, 1). */
  percentile?: number | undefined;
  /** Windows dropped so far. */
  nDropped: number;
  /** What the scoring took. */
  scoringSeconds: number;
}

/** What an alarm did, by OPC UA Part 9's words. */
export interface SensorAlarmEvent extends EventOf<'alarm'> {
  change: AlarmEventType;
  isActive: boolean;
  isAcknowledged: boolean;
  isShelved: boolean;
  /** The last one; null where there is none. */
  anomalyScore: number | null;
  threshold: number;
  severity?: number | undefined;
  /** A sentence. */
  message: string;
}

/** Whether the sensor hears. */
export interface SensorHearingEvent extends EventOf<'hearing'> {
  state: HearingState;
  before: HearingState;
  faults: readonly HearingFault[];
  message: string;
}

/** Scoring did not keep up: windows were dropped since the last such event. */
export interface OverloadEvent extends EventOf<'overload'> {
  nDropped: number;
  message: string;
}

/** The normal sound has moved away from training. */
export interface DriftEvent extends EventOf<'drift'> {
  /** What moved: `score`, `level`, `spectrum`; none where it is as in training again. */
  moved: readonly string[];
  message: string;
}

/** A recording of an event was kept. */
export interface ClipEvent extends EventOf<'clip'> {
  path: string;
  severity?: number | undefined;
}

export type MonitorEvent =
  | ScoreEvent
  | SensorAlarmEvent
  | SensorHearingEvent
  | OverloadEvent
  | DriftEvent
  | ClipEvent;

/** What is known of a sensor when a monitor starts: its alarm as it was remembered. */
export interface SensorStart extends Pick<SensorAlarmEvent, 'isActive' | 'isAcknowledged' | 'isShelved'> {
  name: SensorName;
  /** Unix time of the start, seconds. */
  time: number;
}

/** Where events go. */
export interface ScoreSink {
  /** For messages. */
  readonly name: string;
  /** Before the first event, for sinks that show a state: an alarm that was active before a restart is no event again. */
  onStart?(sensors: readonly SensorStart[]): void;
  /** Never waits for a network and never throws for one that is down: what cannot be told in time is dropped, oldest first. */
  publish(event: MonitorEvent): void;
  /** Tells what can still be told. */
  close(): Promise<void>;
  /** Where operators can answer by it: takes what they command. */
  onCommand?(handler: (command: SensorCommand) => void): void;
}

/** What an operator does about an alarm. */
export interface SensorCommand {
  name: Pick<SensorName, 'site' | 'asset' | 'sensor'>;
  action: 'acknowledge' | 'shelve' | 'unshelve';
  /** For how long it is shelved, seconds; without it until it goes. */
  seconds?: number | undefined;
  comment?: string | undefined;
}
