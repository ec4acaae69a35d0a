export type { Matrix } from '@serial-oe/foundation';
export { applyMixup, type MixupBatch, type MixupRows } from './apply-mixup';
export { ArcFace, type ArcFaceOptions, type ArcFaceState } from './arc-face';
export { type ArcFaceLossOptions, arcFaceLoss } from './arc-face-loss';
export {
  type BalancedBatch,
  BalancedBatchSampler,
  type BalancedBatchSamplerOptions,
  type ClipPools,
} from './balanced-batch-sampler';
export { type CrossEntropyIdLossOptions, crossEntropyIdLoss } from './cross-entropy-id-loss';
export { type IdLossOptions, type IdNormalization, idLoss } from './id-loss';
export { type MixupSchedule, mixupProbability } from './mixup-probability';
export {
  type IdLossFunction,
  type OutlierExposureBatch,
  type OutlierExposureLossOptions,
  type OutlierExposureLossParts,
  outlierExposureLoss,
  outlierExposureLossParts,
} from './outlier-exposure-loss';
export { sampleBeta } from './sample-beta';
export { type Mixup, type SampleMixupOptions, sampleMixup } from './sample-mixup';
export type { TargetWeighting } from './softmax-targets';
export {
  SubClusterAdaCos,
  type SubClusterAdaCosOptions,
  type SubClusterAdaCosState,
} from './sub-cluster-adacos';
export {
  type SupervisedContrastiveLossOptions,
  supervisedContrastiveLoss,
} from './supervised-contrastive-loss';
export { typeLoss } from './type-loss';
export { weightedSum } from './weighted-sum';
