import { checkConfig, configFields } from './check-config';
import type { PresetName, SerialOeConfig, SerialOeConfigOverrides } from './config';
import { PRESETS } from './presets';

/**
 * The configuration of a preset with some values changed.
 *
 * @param preset 'quick' (default), 'paper' or 'reference'
 * @param overrides any part of a configuration; sections are merged field by field
 * @throws RangeError for an unknown preset, an unknown field, or a value that breaks its rule
 * @example
 * const config = resolveConfig('quick', { seed: 7, optimization: { nEpochs: 40 } });
 */
export function resolveConfig(
  preset: PresetName = 'quick',
  overrides: SerialOeConfigOverrides = {},
): SerialOeConfig {
  const caller = 'resolveConfig';
  const base = Object.hasOwn(PRESETS, preset) ? PRESETS[preset] : undefined;
  if (base === undefined) {
    throw new RangeError(
      `serial-oe.${caller}: preset must be one of ${Object.keys(PRESETS).join(', ')}, got ${JSON.stringify(preset)}.`,
    );
  }
  if (typeof overrides !== 'object' || overrides === null || Array.isArray(overrides)) {
    throw new TypeError(
      `serial-oe.${caller}: overrides must be an object, got ${JSON.stringify(overrides)}.`,
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

function checkKnown(caller: string, path: string): void {
  if (path === 'preset') {
    throw new RangeError(`serial-oe.${caller}: config.preset must be left out. Name the preset itself.`);
  }
  if (configFields().includes(path)) return;
  const [section] = path.split('.');
  const known = configFields().filter(
    (field) => field !== 'preset' && (!path.includes('.') || field.startsWith(`${section}.`)),
  );
  throw new RangeError(
    `serial-oe.${caller}: config.${path} must be a known field, one of ${known.join(', ')}.`,
  );
}
