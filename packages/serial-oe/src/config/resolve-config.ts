import { checkConfig } from './check-config';
import type { PresetName, SerialOeConfig, SerialOeConfigOverrides } from './config';
import { checkOverrides, mergeConfig } from './merge-config';
import { PRESETS } from './presets';

/**
 * The configuration of a preset with some values changed.
 *
 * @param preset 'quick', 'paper' or 'reference'; default: the one that the overrides name, else 'quick'
 * @param overrides any part of a configuration, or a whole one; sections are merged field by field
 * @throws RangeError for an unknown preset, one that the overrides contradict, an unknown field, or a value that breaks
 *   its rule
 * @example
 * const config = resolveConfig('quick', { seed: 7, optimization: { nEpochs: 40 } });
 */
export function resolveConfig(preset?: PresetName, overrides: SerialOeConfigOverrides = {}): SerialOeConfig {
  const caller = 'resolveConfig';
  checkOverrides(caller, overrides);
  const name = preset ?? overrides.preset ?? 'quick';
  const base = Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined;
  if (base === undefined) {
    throw new RangeError(
      `serial-oe.${caller}: preset must be one of ${Object.keys(PRESETS).join(', ')}, got ${JSON.stringify(name)}.`,
    );
  }
  if (overrides.preset !== undefined && overrides.preset !== name) {
    throw new RangeError(
      `serial-oe.${caller}: config.preset must be '${name}' as the preset asked for, got ${JSON.stringify(overrides.preset)}. ` +
        'Name it once.',
    );
  }
  const config = mergeConfig(caller, base, overrides);
  checkConfig(caller, config);
  return config;
}
