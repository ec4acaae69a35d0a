import type { AsdSystem } from '@serial-oe/runtime/contract';
import type { NetworkConfig } from './network-config';
import { buildNetworkSet } from './network-set';
import type { NetworkSpec } from './network-spec';
import { stepsPerEpoch } from './plan-epoch';
import type { FieldDescription } from './preset-config';

/** A system with a network. */
export interface NetworkSystem<Config extends NetworkConfig> extends AsdSystem<Config> {
  /** Every field of its configuration with what it is for, and its value in each preset. */
  describeConfig(): FieldDescription[];
}

/** A declared network as a detection system; tfjs is loaded once one is trained, loaded or asked for its fingerprint. */
export function networkSystem<Config extends NetworkConfig>(
  spec: NetworkSpec<Config>,
): NetworkSystem<Config> {
  return {
    name: spec.name,
    scope: spec.scope,
    resolveConfig: (preset, overrides) => spec.resolveConfig(preset, overrides),
    describeConfig: () => spec.describeConfig(),
    countUpdates(config, clips, target) {
      const { trained, machines } = buildNetworkSet(spec, { clips, config, target });
      const nSteps = stepsPerEpoch(spec.sampling(config), trained.length, config.batch);
      const stages = spec.stages(config, { nMachines: machines.length, nSteps });
      return nSteps * stages.reduce((sum, { nEpochs }) => sum + nEpochs, 0);
    },
    async fingerprint(job) {
      const { fingerprintOf } = await import('./network-fingerprint');
      const { activeBackend } = await import('@serial-oe/runtime');
      return fingerprintOf(spec, job, (await activeBackend(`${spec.name}.fingerprint`)) ?? 'none');
    },
    async train(job, platform) {
      const { trainNetwork } = await import('./train-network');
      return trainNetwork(spec, job, platform);
    },
    async load(files, platform) {
      const { loadNetwork } = await import('./load-network');
      return loadNetwork(spec, files, platform);
    },
  };
}
