import { checkOneOf, sha256 } from '@serial-oe/foundation';
import { type AsdSystem, clipKey, type TrainingJob } from '@serial-oe/runtime/contract';
import { FORMAT_VERSION, fromModelFile } from './model-file';
import { normalClips, trainMachines } from './train-machines';
import type { VectorConfig, VectorMethod } from './vector-method';
import { vectorScorer } from './vector-scorer';

/** A method on clip vectors as a detection system: one training covers a machine type, or one machine of it. */
export function vectorSystem<Config extends VectorConfig>(method: VectorMethod<Config>): AsdSystem<Config> {
  return {
    name: method.name,
    scope: 'machineType',
    resolveConfig(preset, overrides) {
      if (preset !== undefined) checkOneOf(`baselines.${method.name}: preset`, preset, ['default']);
      return method.resolveConfig(overrides);
    },
    countUpdates: () => 0,
    fingerprint: async (job) => fingerprintOf(method, job),
    async train(job, platform) {
      const trained = await trainMachines(method, job, platform);
      const { config, target, datasetName: dataset = null, heldOutClips = [] } = job;
      const fingerprint = fingerprintOf(method, job);
      const provenance = { dataset, heldOutClips: heldOutClips.map(clipKey), fingerprint };
      return vectorScorer({ ...trained, method, config, machineType: target.machineType, provenance });
    },
    load: async (files) => vectorScorer(fromModelFile(files, method)),
  };
}

/** All that decides the model: two trainings with the same one give the same. */
function fingerprintOf<Config extends VectorConfig>(
  { name }: VectorMethod<Config>,
  job: TrainingJob<Config>,
): string {
  const clips = normalClips(name, job).map(clipKey);
  const heldOut = (job.heldOutClips ?? []).map(clipKey);
  return sha256(JSON.stringify([name, FORMAT_VERSION, job.config, job.target, clips, heldOut]));
}
