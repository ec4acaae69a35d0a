import { selectEpoch } from '@serial-oe/training';
import { getBackend } from '@tensorflow/tfjs-core';
import { countSteps } from '../training/batch-plan';
import { modelFingerprint } from '../training/fingerprint';
import { operationsName } from '../training/outlier-exposure';
import type { PlannedTraining } from '../training/plan-training';
import { VERSION } from '../version';
import { clipKey, type Provenance } from './provenance';

/** How the model of a training came to be. */
export function describeProvenance(
  training: PlannedTraining,
  { history, effectiveRank }: Pick<Provenance, 'history' | 'effectiveRank'>,
): Provenance {
  const { options, config, pretrained, set, ops, plan, workers } = training;
  return {
    trainedAt: new Date().toISOString(),
    version: VERSION,
    backend: getBackend(),
    operations: operationsName(ops),
    workers,
    microBatchSize: plan.microBatchSize,
    nMicroBatches: plan.nMicroBatches,
    dataset: options.dataset.name ?? 'unnamed',
    nNormalClips: set.normal.length + (config.detector.fitOn === 'all' ? set.validationNormal.length : 0),
    nPseudoAnomalousClips: set.pseudoAnomalous.length,
    nKnownAnomalies: set.anomalous.length,
    nValidationClips: set.validationNormal.length,
    nSteps: config.optimization.nEpochs * countSteps(set, config),
    selectedEpoch: (selectEpoch(history, config.validation.selection) as number) + 1,
    pretrainedWeights: pretrained,
    heldOutClips: (options.heldOutClips ?? []).map(clipKey),
    history,
    effectiveRank,
    fingerprint: modelFingerprint(training),
  };
}
