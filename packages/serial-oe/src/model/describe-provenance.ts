import { selectEpoch } from '@serial-oe/training';
import { getBackend } from '@tensorflow/tfjs-core';
import { countSteps } from '../training/batch-plan';
import { modelFingerprint } from '../training/fingerprint';
import { operationsName } from '../training/outlier-exposure';
import type { PlannedTraining } from '../training/plan-training';
import { VERSION } from '../version';
import { clipKey, type Provenance, type StartProvenance, trainingClipName } from './provenance';
import type { StartModel } from './start-model';

/** How the model of a training came to be. */
export function describeProvenance(
  training: PlannedTraining,
  { history, effectiveRank }: Pick<Provenance, 'history' | 'effectiveRank'>,
): Provenance {
  const { options, config, pretrained, start, set, ops, plan, workers } = training;
  const heldOut = [...(start?.provenance.heldOutClips ?? []), ...(options.heldOutClips ?? []).map(clipKey)];
  const validation = [...set.validationNormal, ...set.validationOutliers];
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
    validationClips: validation.map((i) => trainingClipName(set.clips[i]!)),
    nSteps: config.optimization.nEpochs * countSteps(set, config),
    selectedEpoch: (selectEpoch(history, config.validation.selection) as number) + 1,
    pretrainedWeights: pretrained,
    heldOutClips: [...new Set(heldOut)],
    history,
    ...(start !== null && { finetunedFrom: startOf(start) }),
    effectiveRank,
    fingerprint: modelFingerprint(training),
  };
}

function startOf({ provenance, checksum }: StartModel): StartProvenance {
  const { trainedAt, nSteps, finetunedFrom } = provenance;
  return { trainedAt, nSteps: nSteps + (finetunedFrom?.nSteps ?? 0), weights: checksum };
}
