import {
  ABOVE_ZERO,
  AT_LEAST_ZERO,
  COUNT,
  checkKind,
  checkNumber,
  checkOneOf,
  checkOptions,
  type NumberRule,
  RATE,
  wholeNumber,
} from '@serial-oe/foundation';

/** One value of a configuration. */
export interface Field<Value> {
  fallback: Value;
  help: string;
  /** What it takes, in words. */
  type: string;
  /** The value as it is; throws, naming the field, where it breaks the rule. */
  check(where: string, value: unknown): Value;
}

/** A configuration: fields, and sections of fields. */
export interface Fields {
  readonly [name: string]: Field<unknown> | Fields;
}

/** What {@link resolveFields} makes of fields. */
export type ConfigOf<F> = {
  -readonly [Name in keyof F]: F[Name] extends Field<infer Value> ? Value : ConfigOf<F[Name]>;
};

export function numberField(rule: NumberRule, fallback: number, help: string): Field<number> {
  return { fallback, help, type: typeOf(rule), check: (where, value) => checkNumber(where, value, rule) };
}

/** `a whole number of at least 1` of "be a whole number of at least 1". */
function typeOf({ rule }: NumberRule): string {
  return rule.startsWith('be ') ? rule.slice('be '.length) : `a number that must ${rule}`;
}

/** A number, or null for what the help says. */
export function nullableField(rule: NumberRule, fallback: number | null, help: string): Field<number | null> {
  const check = (where: string, value: unknown) => (value === null ? null : checkNumber(where, value, rule));
  return { fallback, help, type: `${typeOf(rule)}, or null`, check };
}

export function switchField(fallback: boolean, help: string): Field<boolean> {
  const check = (where: string, value: unknown) => checkKind(where, value, 'boolean') as boolean;
  return { fallback, help, type: 'true or false', check };
}

export function wordField<const Word extends string>(
  words: readonly Word[],
  fallback: NoInfer<Word>,
  help: string,
): Field<Word> {
  const type = words.map((word) => `'${word}'`).join(' or ');
  return { fallback, help, type, check: (where, value) => checkOneOf(where, value, words) };
}

/**
 * The defaults with some values changed, plain JSON; a value that is undefined changes nothing.
 * @throws RangeError for a value that breaks its rule; TypeError for one of another kind, or an unknown name (with the one
 *   that was probably meant)
 */
export function resolveFields<const F extends Fields>(where: string, fields: F, values: object): ConfigOf<F> {
  checkKind(where, values, 'object');
  const known = Object.fromEntries(Object.keys(fields).map((name) => [name, true as const]));
  checkOptions(where, values as Record<string, unknown>, known);
  const given = values as Readonly<Record<string, unknown>>;
  const resolved = Object.entries(fields).map(([name, field]): [string, unknown] => {
    const value = given[name];
    if (!isField(field))
      return [name, resolveFields(`${where}.${name}`, field, (value === undefined ? {} : value) as object)];
    return [name, value === undefined ? field.fallback : field.check(`${where}.${name}`, value)];
  });
  return Object.fromEntries(resolved) as ConfigOf<F>;
}

function isField(field: Field<unknown> | Fields): field is Field<unknown> {
  return typeof field.check === 'function';
}

/** Every system has a seed. */
export const SEED = numberField(COUNT, 0, 'Decides everything that is random.');

/** How a threshold is set. */
export const DECISION = {
  falseAlarmRate: numberField(
    RATE,
    0.1,
    'Share of normal clips that may be called anomalous. `serial-oe train` asks for 0.01 unless its flag or its file says otherwise.',
  ),
};

const POWER_OF_TWO: NumberRule = {
  isValid: (x) => x >= 16 && x <= 2 ** 16 && Number.isInteger(Math.log2(x)),
  rule: 'be a power of two from 16 to 65536',
};

/** The log-mel spectrogram (dB of power) of a whole clip. */
export function frontEndFields({ nFft, hopLength, nMels }: Record<'nFft' | 'hopLength' | 'nMels', number>) {
  const samples = wholeNumber(1, 2 ** 16);
  return {
    sampleRate: numberField(
      wholeNumber(1000, 1_000_000),
      16_000,
      'Hz; recordings at another rate are resampled.',
    ),
    nFft: numberField(POWER_OF_TWO, nFft, 'Length of the window and of the Fourier transform, samples.'),
    hopLength: numberField(samples, hopLength, 'From one window to the next, samples.'),
    nMels: numberField(wholeNumber(1, 1024), nMels, 'Mel bands.'),
    fMin: numberField(AT_LEAST_ZERO, 0, 'Lower end of the mel bands, Hz.'),
    fMax: numberField(ABOVE_ZERO, 8000, 'Upper end of the mel bands, Hz; at most half of sampleRate.'),
  };
}
