import { sha256 } from '@serial-oe/foundation';
import { getBackend } from '@tensorflow/tfjs-core';
import { clipKey } from '../model/provenance';
import { operationsName } from './outlier-exposure';
import type { PlannedTraining } from './plan-training';

/**
 * What must be the same for a checkpoint to be continued: all that decides the weights of the extractor. Detectors are fitted
 * when it is trained, so that their settings may change in between.
 */
export function fingerprint({
  config,
  pretrained,
  start,
  set,
  ops,
  plan,
  workers,
}: PlannedTraining): Record<string, string> {
  const { preset: _, detector: _detector, decision: _decision, ...sections } = config;
  const clips = set.clips.map((clip) => `${clipKey(clip)}/${clip.label}`).join('\n');
  return {
    machineType: set.machineType,
    backend: getBackend(),
    operations: operationsName(ops),
    workers: String(workers),
    'samples at once': String(plan.microBatchSize),
    'training clips': `${set.clips.length}, ${sha256(clips).slice(0, 12)}`,
    'pretrained weights': pretrained?.slice(0, 12) ?? 'none',
    ...(start !== null && { 'model tuned further': start.checksum.slice(0, 12) }),
    ...Object.fromEntries(Object.entries(sections).map(([name, value]) => [name, JSON.stringify(value)])),
  };
}

/** SHA-256 of all that decides a model, its detectors included: two trainings with the same one give the same model. */
export function modelFingerprint(training: PlannedTraining): string {
  const { detector, decision } = training.config;
  const heldOut = (training.options.heldOutClips ?? []).map(clipKey);
  return sha256(JSON.stringify([Object.entries(fingerprint(training)), detector, decision, heldOut]));
}
