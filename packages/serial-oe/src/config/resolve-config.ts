import { checkConfig, configFields } from './check-config';
import type { PresetName, SerialOeConfig, SerialOeConfigOverrides } from './config';
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
  const config = structuredClone(base) as SerialOeConfig;
  const target = config as unknown as Record<string, unknown>;
  for (const [name, value] of Object.entries(overrides)) {
    if (value === undefined) continue;
    if (isSection(target[name])) mergeSection(caller, name, target[name], value);
    else {
      checkKnown(caller, name);
      target[name] = value;
    }
  }
  checkConfig(caller, config);
  return config;
}

function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function mergeSection(caller: string, name: string, section: Record<string, unknown>, values: unknown): void {
  if (!isSection(values) || Array.isArray(values)) {
    throw new TypeError(
      `serial-oe.${caller}: config.${name} must be an object, got ${JSON.stringify(values)}.`,
    );
  }
  for (const [key, value] of Object.entries(values)) {
    checkKnown(caller, `${name}.${key}`);
    if (value !== undefined) section[key] = value;
  }
}

function checkOverrides(caller: string, overrides: unknown): void {
  if (isSection(overrides) && !Array.isArray(overrides)) return;
  throw new TypeError(`serial-oe.${caller}: overrides must be an object, got ${JSON.stringify(overrides)}.`);
}

function checkKnown(caller: string, path: string): void {
  if (configFields().includes(path)) return;
  const [section] = path.split('.');
  const known = configFields().filter(
    (field) => field !== 'preset' && (!path.includes('.') || field.startsWith(`${section}.`)),
  );
  throw new RangeError(
    `serial-oe.${caller}: config.${path} must be a known field, one of ${known.join(', ')}.`,
  );
}
