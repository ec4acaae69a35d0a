import { fastestOps, useBackend } from '@serial-oe/runtime';
import { BundleError, type ClipScorer, type Platform } from '@serial-oe/runtime/contract';
import type { NetworkConfig } from './network-config';
import { fromNetworkFiles, WEIGHTS_FILE } from './network-files';
import { networkScorer } from './network-scorer';
import type { NetworkSpec } from './network-spec';
import { frontEndOf } from './train-network';

/**
 * The scorer in a model's files.
 * @throws BundleError naming what is missing, misshapen, altered, or of another system
 */
export async function loadNetwork<Config extends NetworkConfig>(
  spec: NetworkSpec<Config>,
  files: ReadonlyMap<string, Uint8Array>,
  platform: Platform,
): Promise<ClipScorer> {
  const { fitted, ...stored } = fromNetworkFiles(files, spec);
  const method = await spec.load();
  await useBackend(undefined, { caller: `${spec.name}.load` });
  const ops = await fastestOps('scoring', () => {});
  const { config, classes, machines, facts, weights } = stored;
  try {
    const frontEnd = frontEndOf(spec, config);
    const watched = machines.map(({ classIndex }) => classIndex);
    const rule = method.createRule({ config, nClasses: classes.length, watched, weights, fitted });
    const network = method.create({
      ...{ config, ops, window: facts.window, nMels: config.frontEnd.nMels },
      ...{ nClasses: classes.length, nMachines: machines.length },
    });
    try {
      network.loadWeights(weights);
    } catch (error) {
      network.dispose();
      throw error;
    }
    return networkScorer({ ...stored, spec, method, platform, frontEnd, network, rule });
  } catch (cause) {
    if (cause instanceof BundleError) throw cause;
    const message = `baselines.${spec.name}: ${WEIGHTS_FILE} cannot be used: ${(cause as Error).message}`;
    throw new BundleError('weights', message, { cause });
  }
}
