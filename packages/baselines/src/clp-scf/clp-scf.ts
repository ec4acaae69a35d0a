import { cosineStage } from '../classifier/classifier-fields';
import { clipClassifier } from '../classifier/clip-classifier';
import { TORCHAUDIO_FRONT_END } from '../network-system/front-end';
import { type NetworkSystem, networkSystem } from '../network-system/network-system';
import { describeFields, resolvePreset } from '../network-system/preset-config';
import { CLP_SCF_FIELDS, type ClpScfConfig } from './clp-scf-config';

/**
 * CLP-SCF (Guan et al., ICASSP 2023): the network of STgram-MFN is first taught that sounds of one machine belong together, by a
 * supervised contrastive loss on a projection of its features, and then to tell machines apart by ArcFace.
 */
export const clpScf: NetworkSystem<ClpScfConfig> = /* @__PURE__ */ networkSystem<ClpScfConfig>({
  ...clipClassifier,
  name: 'clp-scf',
  frontEnd: TORCHAUDIO_FRONT_END,
  inputs: ['waveform', 'melFrames'],
  resolveConfig: (preset, overrides) => resolvePreset(CLP_SCF_FIELDS, preset, overrides),
  describeConfig: () => describeFields(CLP_SCF_FIELDS),
  stages: ({ contrastive: { nEpochs, learningRate }, optimization, schedule }) => [
    { nEpochs, learningRate, isClassBalanced: true },
    cosineStage(optimization, schedule),
  ],
  load: async () => (await import('./clp-scf-method')).clpScfMethod,
});
