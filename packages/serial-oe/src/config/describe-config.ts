import type { PresetName } from './config';
import { configFields } from './config-fields';
import { PRESETS } from './presets';

/** One field of a configuration, to be read by people. Plain JSON. */
export interface ConfigFieldDescription {
  /** `'seed'`, `'frontEnd.nMels'`, ... */
  path: string;
  /** What it takes, in words: `'a whole number of at least 1'`. */
  type: string;
  /** What it is for. */
  help: string;
  /** Its value in each preset. */
  defaults: Record<PresetName, unknown>;
}

/**
 * Every field of a configuration, in its order: what it takes, what it is for, and its value in each preset.
 * @example
 * for (const { path, type, defaults } of describeConfig()) console.log(`${path}: ${type}, ${defaults.quick}`);
 */
export function describeConfig(): ConfigFieldDescription[] {
  return configFields().map(({ keys, type, help }) => {
    const valueIn = (preset: PresetName) =>
      keys.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], PRESETS[preset]);
    const defaults = { paper: valueIn('paper'), reference: valueIn('reference'), quick: valueIn('quick') };
    return { path: keys.join('.'), type, help, defaults };
  });
}
