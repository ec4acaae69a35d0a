import type { SystemSetup } from '@serial-oe/experiments';
import type { AsdSystem } from '@serial-oe/runtime';
import type { SerialOeConfig } from '@serial-oe/serial-oe';
import { UsageError } from '../command/usage-error';
import { hasNetwork, isComparedNetwork, isSystemName, NETWORK_SYSTEM, SYSTEM_NAMES } from '../system-table';
import { systems } from '../systems';

/** What is asked of the systems beside Serial-OE. */
export interface OtherSystems {
  /** Changes to the configuration of each, by its name: `systems` of the file of `--config`. */
  systemConfigs: Readonly<Record<string, object>>;
  /** Of every network. */
  nEpochs: number | undefined;
  batchSize: number | undefined;
}

/**
 * How each system is set up: Serial-OE and the ensemble's network by its configuration and weights, the other networks by their published
 * constants where Serial-OE has its own, with the same number of epochs and size of batches where one is asked for.
 * @throws UsageError for a system that there is not; RangeError or TypeError naming a field, before anything is trained
 */
export function systemSetups(
  config: SerialOeConfig,
  startFrom: SystemSetup['startFrom'],
  others: OtherSystems,
): Record<string, SystemSetup> {
  checkNames(others.systemConfigs);
  const setups = systems.map((system): [string, SystemSetup] => {
    const own = others.systemConfigs[system.name] ?? {};
    if (system.name === NETWORK_SYSTEM) return [system.name, { preset: config.preset, config, startFrom }];
    if (system.name === 'ensemble') {
      const members = { ...(own as { members?: object }).members, [NETWORK_SYSTEM]: config };
      return [system.name, checked(system, { config: { ...own, members }, startFrom })];
    }
    const preset = config.preset !== 'quick' && isCompared(system.name) ? 'paper' : undefined;
    return [system.name, checked(system, { preset, config: changesOf(system.name, own, others) })];
  });
  return Object.fromEntries(setups);
}

/** A network is told the flags too; what is fitted in seconds has no epochs. */
function changesOf(name: string, own: object, { nEpochs, batchSize: size }: OtherSystems): object {
  if (!isCompared(name)) return own;
  const { optimization, batch } = own as { optimization?: object; batch?: object };
  return {
    ...own,
    ...(nEpochs !== undefined && { optimization: { ...optimization, nEpochs } }),
    ...(size !== undefined && { batch: { ...batch, size } }),
  };
}

function checked(system: AsdSystem, setup: SystemSetup): SystemSetup {
  system.resolveConfig(setup.preset, setup.config ?? {});
  return setup;
}

function isCompared(name: string): boolean {
  return isSystemName(name) && isComparedNetwork(name);
}

function checkNames(systemConfigs: OtherSystems['systemConfigs']): void {
  for (const [name, own] of Object.entries(systemConfigs)) {
    if (name === NETWORK_SYSTEM) {
      throw new UsageError(
        `--config: the fields of ${NETWORK_SYSTEM} stand at the top of the file, not under "systems".`,
      );
    }
    if (!isSystemName(name)) {
      throw new UsageError(
        `--config: "systems" must name systems (${SYSTEM_NAMES.join(', ')}), got "${name}".`,
      );
    }
    if (typeof own !== 'object' || own === null || Array.isArray(own)) {
      throw new UsageError(
        `--config: "systems" must hold an object of fields for ${name}${hasNetwork(name) ? ', such as {"optimization": {"nEpochs": 20}}' : ''}, got ${JSON.stringify(own)}.`,
      );
    }
  }
}
