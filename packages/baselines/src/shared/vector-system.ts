import { checkOneOf } from '@serial-oe/foundation';
import type { AsdSystem } from '@serial-oe/runtime';
import { fromModelFile } from './model-file';
import { trainMachines } from './train-machines';
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
    async train(job, platform) {
      const trained = await trainMachines(method, job, platform);
      return vectorScorer({ ...trained, method, config: job.config, machineType: job.target.machineType });
    },
    load: async (files) => vectorScorer(fromModelFile(files, method)),
  };
}
