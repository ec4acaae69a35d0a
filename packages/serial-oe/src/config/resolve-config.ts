import { checkKind, checkOneOf, show } from '@serial-oe/foundation';
import { checkConfig } from './check-config';
import type { PresetName, SerialOeConfig, SerialOeConfigOverrides } from './config';
import { mergeConfig } from './merge-config';
import { PRESETS } from './presets';

/**
 * The configuration of a preset with some values changed.
 *
 * @param preset 'quick', 'paper' or 'reference'; default: the one that the overrides name, else 'quick'
 * @param overrides any part of a configuration, or a whole one; sections are merged field by field
 * @throws RangeError for an unknown preset, one that the overrides contradict, an unknown field (with the one that was
 *   probably meant), or a value that breaks its rule; TypeError for overrides or a section that are no object
 * @example
 * const config = resolveConfig('quick', { seed: 7, optimization: { nEpochs: 40 } });
 */
export function resolveConfig(preset?: PresetName, overrides: SerialOeConfigOverrides = {}): SerialOeConfig {
  const caller = 'resolveConfig';
  checkKind(`serial-oe.${caller}: overrides`, overrides, 'object');
  const names = Object.keys(PRESETS) as PresetName[];
  const name = checkOneOf(`serial-oe.${caller}: preset`, preset ?? overrides.preset ?? 'quick', names);
  if (overrides.preset !== undefined && overrides.preset !== name) {
    throw new RangeError(
      `serial-oe.${caller}: config.preset must be '${name}' as the preset asked for, got ${show(overrides.preset)}. ` +
        'Name it once.',
    );
  }
  const config = mergeConfig(caller, PRESETS[name], overrides);
  checkConfig(caller, config);
  return config;
}
