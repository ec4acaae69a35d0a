import { clipClassifier } from '../classifier/clip-classifier';
import { LIBROSA_FRONT_END } from '../network-system/front-end';
import { type NetworkSystem, networkSystem } from '../network-system/network-system';
import { describeFields, resolvePreset } from '../network-system/preset-config';
import { SSC_FIELDS, type SscConfig } from './ssc-config';

/**
 * Self-supervised classification, the half of the winner of DCASE2020 that anybody may use: MobileNetV2, as the baseline of DCASE2021
 * trains it, tells machines apart and what was done to their spectrograms. The score is the mean over images of log((1 - p) / p), p
 * the probability of the machine's own ID, unchanged.
 */
export const ssc: NetworkSystem<SscConfig> = /* @__PURE__ */ networkSystem<SscConfig>({
  ...clipClassifier,
  name: 'ssc',
  frontEnd: LIBROSA_FRONT_END,
  inputs: ['frameMels'],
  resolveConfig: (preset, overrides) => resolvePreset(SSC_FIELDS, preset, overrides),
  describeConfig: () => describeFields(SSC_FIELDS),
  window: ({ network: { nFrames, hop } }) => ({ kind: 'frames', nFrames, hop }),
  sampling: ({ batch: { windowsPerClip } }) => ({ kind: 'shuffled', windowsPerClip }),
  stages: ({ optimization: { nEpochs, learningRate } }) => [{ nEpochs, learningRate }],
  load: async () => (await import('./ssc-method')).sscMethod,
});
