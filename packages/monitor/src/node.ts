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
