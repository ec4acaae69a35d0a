export {
  HEARING_STATES,
  type HearingEvent,
  type HearingFault,
  type HearingState,
  HearingWatch,
  type HearingWatchOptions,
} from './hearing/hearing-watch';
export { type BackOff, restartDelay } from './hearing/restart-delay';
export { fairTurns } from './stream/fair-turns';
export { type StreamScore, StreamScorer, type StreamScorerOptions } from './stream/stream-scorer';
