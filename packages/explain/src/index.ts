export { describeExplanation } from './explanation/describe-explanation';
export { type ExplainClipOptions, explainClip } from './explanation/explain-clip';
export type { Explanation, JsonDifference } from './explanation/explanation-types';
export { ExplanationError } from './explanation-error';
export {
  type DifferenceSpectrogram,
  type DifferenceSpectrogramOptions,
  differenceSpectrogram,
} from './normals/difference-spectrogram';
export type { NormalIndexJson } from './normals/index-json';
export type { LogMelFrame } from './normals/log-mel';
export type { NearestNormal } from './normals/machine-normals';
export {
  type BuildNormalIndexOptions,
  type NearestOptions,
  type NormalComparison,
  NormalIndex,
} from './normals/normal-index';
export type { NormalLevel } from './normals/normal-level';
export { type OcclusionMapOptions, occlusionMap } from './occlusion/occlusion-map';
export type { BandImportance, MapPart, OcclusionMap, SegmentImportance } from './occlusion/occlusion-types';
export { type ChunkTimelineOptions, chunkTimeline, type TimelineChunk } from './timeline/chunk-timeline';
