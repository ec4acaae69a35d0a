export type { EventClipsOptions } from './node/clips/event-clips';
export { pruneClips, type Retention } from './node/clips/prune-clips';
export { Monitor, type MonitorOptions } from './node/monitor/monitor';
export { type SensorOptions, sensorKey } from './node/monitor/sensor-options';
export { type AudioPiece, type AudioSource, AudioSourceError } from './node/sources/audio-source';
export {
  arecordSource,
  type CommandSourceOptions,
  commandSource,
  ffmpegSource,
} from './node/sources/command-source';
export { fileSource } from './node/sources/file-source';
export { PCM_ENCODINGS, type PcmEncoding, type PcmFormat } from './node/sources/pcm-decoder';
export { type PcmSourceOptions, pcmSource } from './node/sources/pcm-source';
export {
  WATCH_STATE_FILE,
  type WatchedFile,
  type WatchedScore,
  type WatchFolderOptions,
  watchFolder,
} from './node/watch/watch-folder';
