import { configFields } from './check-config';
import type { SerialOeConfig, SerialOeConfigOverrides } from './config';

/**
 * A copy of `base` with some values changed, section by section and field by field; values are not checked.
 * @throws RangeError for an unknown field; TypeError for a section that is no object
 */
export function mergeConfig(
  caller: string,
  base: Readonly<SerialOeConfig>,
  overrides: SerialOeConfigOverrides,
): SerialOeConfig {
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

/** @throws TypeError where they are no object */
export function checkOverrides(caller: string, overrides: unknown): void {
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
