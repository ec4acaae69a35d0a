import { TORCHAUDIO_FRONT_END } from '../network-system/front-end';
import { type NetworkSystem, networkSystem } from '../network-system/network-system';
import { describeFields, resolvePreset } from '../network-system/preset-config';
import { DDCSAD_STYLE_FIELDS, type DdcsadStyleConfig } from './ddcsad-style-config';

/**
 * In the style of DDCSAD (Kuroyanagi et al., EUSIPCO 2021): of each machine a network that tells its normal sounds from those of all
 * other machines and from known anomalies, by binary cross-entropy and by the distances to a centroid of either class. The score is
 * the probability of the others. "-style" because the constants were never published.
 */
export const ddcsadStyle: NetworkSystem<DdcsadStyleConfig> = /* @__PURE__ */ networkSystem<DdcsadStyleConfig>(
  {
    name: 'ddcsad-style',
    scope: 'machineId',
    participants: 'all',
    usesAnomalies: true,
    isClassifier: true,
    frontEnd: TORCHAUDIO_FRONT_END,
    standardizes: true,
    inputs: ['frameMels'],
    resolveConfig: (preset, overrides) => resolvePreset(DDCSAD_STYLE_FIELDS, preset, overrides),
    describeConfig: () => describeFields(DDCSAD_STYLE_FIELDS),
    window: ({ network: { nFrames }, score: { nWindows } }) => ({ kind: 'spread', nFrames, nWindows }),
    sampling: ({ batch: { nSteps } }) => ({ kind: 'balanced', nSteps }),
    // Where a whole type is asked for, its machines' networks are trained one after the other.
    stages: ({ optimization: { nEpochs, learningRate } }, { nMachines }) =>
      Array.from({ length: nMachines }, () => ({ nEpochs, learningRate })),
    validationFraction: () => 0,
    load: async () => (await import('./ddcsad-style-method')).ddcsadStyleMethod,
  },
);
