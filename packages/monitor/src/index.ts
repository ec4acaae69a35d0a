export type {
  ClipEvent,
  DriftEvent,
  MonitorEvent,
  OverloadEvent,
  ScoreEvent,
  ScoreSink,
  SensorAlarmEvent,
  SensorCommand,
  SensorHearingEvent,
  SensorName,
  SensorStart,
} from './events';
export {
  HEARING_STATES,
  type HearingEvent,
  type HearingFault,
  type HearingMemory,
  type HearingState,
  HearingWatch,
  type HearingWatchOptions,
} from './hearing/hearing-watch';
export { type BackOff, restartDelay } from './hearing/restart-delay';
export { jsonLinesSink } from './sinks/json-lines';
export { type WebhookSinkOptions, webhookSink } from './sinks/webhook-sink';
export { fairTurns } from './stream/fair-turns';
export { type StreamScore, StreamScorer, type StreamScorerOptions } from './stream/stream-scorer';
