import { checkOneOf } from '@serial-oe/foundation';
import { type ConfigOf, type Field, type Fields, resolveFields } from '../shared/config-fields';

/** Presets of every network: the published constants, and those of a training that takes minutes. */
export const PRESETS = ['quick', 'paper'] as const;
export type Preset = (typeof PRESETS)[number];

/** Fields with the preset that they started from. */
export type PresetConfig<F extends Fields> = { preset: Preset } & ConfigOf<F>;

export interface PresetFields<F extends Fields> {
  /** As in `baselines.stgram-mfn`. */
  where: string;
  /** With the published constants as their defaults. */
  fields: F;
  /** What the preset `quick` changes. */
  quick: object;
}

/**
 * The configuration of a preset with some values changed, plain JSON.
 * @param preset undefined for the one that the values name, or else 'quick'
 * @throws RangeError or TypeError naming the field
 */
export function resolvePreset<const F extends Fields>(
  { where, fields, quick }: PresetFields<F>,
  preset: string | undefined,
  values: object,
): PresetConfig<F> {
  const { preset: named, ...changes } = values as { preset?: unknown };
  const name = checkOneOf(`${where}: preset`, preset ?? named ?? 'quick', PRESETS);
  const start = name === 'quick' ? quick : {};
  return { preset: name, ...resolveFields(`${where}: config`, fields, merged(start, changes)) };
}

/** A field as it stands in a table. */
export interface FieldDescription {
  /** As in `batch.size`. */
  path: string;
  help: string;
  /** What it takes, in words. */
  type: string;
  /** By preset. */
  defaults: Record<Preset, unknown>;
}

/** Every field of the configuration, in order. */
export function describeFields<F extends Fields>({ fields, quick }: PresetFields<F>): FieldDescription[] {
  return flatten(fields, quick, []);
}

function flatten(fields: Fields, quick: object, path: readonly string[]): FieldDescription[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const own = (quick as Record<string, unknown>)[name];
    const here = [...path, name];
    if (typeof field.check !== 'function') return flatten(field as Fields, (own ?? {}) as object, here);
    const { fallback, help, type } = field as Field<unknown>;
    return [{ path: here.join('.'), help, type, defaults: { quick: own ?? fallback, paper: fallback } }];
  });
}

/** Sections are merged, values replaced; what is undefined changes nothing. */
function merged(base: object, changes: object): object {
  const result: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) continue;
    const own = result[name];
    result[name] = isSection(own) && isSection(value) ? merged(own, value) : value;
  }
  return result;
}

function isSection(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
