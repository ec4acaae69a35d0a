import { clipClassifier } from '../classifier/clip-classifier';
import { LIBROSA_SYMMETRIC_FRONT_END } from '../network-system/front-end';
import { type NetworkSystem, networkSystem } from '../network-system/network-system';
import { describeFields, resolvePreset } from '../network-system/preset-config';
import { SCADACOS_FIELDS, type ScadacosConfig } from './scadacos-config';

/**
 * Sub-cluster AdaCos (Wilkinghoff, IJCNN 2021): a residual network tells all machines apart, each by several centres, on mixed
 * spectrograms. The score is minus the log-density of a Gaussian mixture of the machine's normal embeddings.
 */
export const scadacos: NetworkSystem<ScadacosConfig> = /* @__PURE__ */ networkSystem<ScadacosConfig>({
  ...clipClassifier,
  name: 'scadacos',
  frontEnd: LIBROSA_SYMMETRIC_FRONT_END,
  standardizes: true,
  inputs: ['frameMels'],
  resolveConfig: (preset, overrides) => resolvePreset(SCADACOS_FIELDS, preset, overrides),
  describeConfig: () => describeFields(SCADACOS_FIELDS),
  stages: ({ optimization: { nEpochs, learningRate } }) => [{ nEpochs, learningRate }],
  load: async () => (await import('./scadacos-method')).scadacosMethod,
});
