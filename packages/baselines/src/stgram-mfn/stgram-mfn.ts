import { cosineStage } from '../classifier/classifier-fields';
import { clipClassifier } from '../classifier/clip-classifier';
import { TORCHAUDIO_FRONT_END } from '../network-system/front-end';
import { type NetworkSystem, networkSystem } from '../network-system/network-system';
import { describeFields, resolvePreset } from '../network-system/preset-config';
import { STGRAM_MFN_FIELDS, type StgramMfnConfig } from './stgram-mfn-config';

/**
 * STgram-MFN (Liu et al., ICASSP 2022): one network tells all machines apart by a log-mel spectrogram and a learned one of the
 * waveform, under ArcFace. A sound that is not taken for the machine that it claims to be of is anomalous.
 */
export const stgramMfn: NetworkSystem<StgramMfnConfig> = /* @__PURE__ */ networkSystem<StgramMfnConfig>({
  ...clipClassifier,
  name: 'stgram-mfn',
  frontEnd: TORCHAUDIO_FRONT_END,
  inputs: ['waveform', 'melFrames'],
  resolveConfig: (preset, overrides) => resolvePreset(STGRAM_MFN_FIELDS, preset, overrides),
  describeConfig: () => describeFields(STGRAM_MFN_FIELDS),
  stages: ({ optimization, schedule }) => [cosineStage(optimization, schedule)],
  load: async () => (await import('./stgram-mfn-method')).stgramMfnMethod,
});
