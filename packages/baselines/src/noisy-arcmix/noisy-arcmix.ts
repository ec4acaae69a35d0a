import { cosineStage } from '../classifier/classifier-fields';
import { clipClassifier } from '../classifier/clip-classifier';
import { LIBROSA_ZERO_FRONT_END } from '../network-system/front-end';
import { type NetworkSystem, networkSystem } from '../network-system/network-system';
import { describeFields, resolvePreset } from '../network-system/preset-config';
import { NOISY_ARCMIX_FIELDS, type NoisyArcmixConfig } from './noisy-arcmix-config';

/**
 * Noisy-ArcMix (Choi and Choi, ICASSP 2024): STgram-MFN with a third channel, the spectrogram under temporal attention, trained on
 * mixed sounds that bear the margin of one of the two machines alone. The epoch is that of the lowest validation loss.
 */
export const noisyArcmix: NetworkSystem<NoisyArcmixConfig> = /* @__PURE__ */ networkSystem<NoisyArcmixConfig>(
  {
    ...clipClassifier,
    name: 'noisy-arcmix',
    frontEnd: LIBROSA_ZERO_FRONT_END,
    inputs: ['waveform', 'melFrames'],
    resolveConfig: (preset, overrides) => resolvePreset(NOISY_ARCMIX_FIELDS, preset, overrides),
    describeConfig: () => describeFields(NOISY_ARCMIX_FIELDS),
    stages: ({ optimization, schedule }) => [cosineStage(optimization, schedule)],
    validationFraction: ({ validation }) => validation.fraction,
    load: async () => (await import('./noisy-arcmix-method')).noisyArcmixMethod,
  },
);
